"""What is done from the pages that look across everything."""
