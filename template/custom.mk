# The service's own make targets. Updates of the template never touch this file.
