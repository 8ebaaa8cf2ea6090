"""What the data is: tables, value objects and pure rules. No input or output, no Qt."""
