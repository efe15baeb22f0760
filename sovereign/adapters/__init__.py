"""One outside thing each; conform to a port, import no step and no other adapter."""
