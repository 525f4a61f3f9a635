"""What of torch is in the bundle: its libraries, and its modules without what only its own developers need."""

from building.contents import torch_modules
from PyInstaller.utils.hooks import (  # type: ignore[import-untyped, unused-ignore]
    collect_data_files,
    collect_dynamic_libs,
)

hiddenimports = torch_modules()
datas = collect_data_files("torch", includes=["bin/torch_shm_manager", "version.py"])
binaries = collect_dynamic_libs("torch", search_patterns=["*.so", "*.so.*", "*.dylib", "*.dll"])
bindepend_symlink_suppression = ["**/torch/lib/*.so*"]
warn_on_missing_hiddenimports = False
