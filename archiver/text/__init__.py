"""Pure functions over text: values in, values out."""
