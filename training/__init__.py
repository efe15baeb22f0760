"""How the embedded verifier's weights are made. Not part of the wheel; needs torch (requirements.txt)."""
