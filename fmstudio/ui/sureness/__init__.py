"""How sure the network is: confidence, calibration, curves per class."""
