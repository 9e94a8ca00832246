"""The ground the system stands on: services, keeper, set-up."""
