"""The engine on its QThread, and the controller that the window talks to."""
