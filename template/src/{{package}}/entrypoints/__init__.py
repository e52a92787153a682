"""What calls the application: HTTP and the command line."""
