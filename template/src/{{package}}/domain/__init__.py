"""What the service is about; knows the standard library and nothing else."""
