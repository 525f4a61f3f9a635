"""What of torchvision is in the bundle: its modules, and its compiled part only where it fits torch."""

from building.contents import torchvision_extensions

hiddenimports = torchvision_extensions()
