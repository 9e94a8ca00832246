"""Pages of needs and of referrals."""
