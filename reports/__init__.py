"""What looks across everything: workbench, ledgers, trail and clock pages."""
