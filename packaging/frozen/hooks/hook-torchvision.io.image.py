"""Pictures are read with Pillow: torchvision's own reader, and the libraries that it stands on, stay out."""
