"""Units of measurement: a word to what it measures and its factor to that dimension's base. Standard library only."""

from __future__ import annotations

from decimal import Decimal

# One line a unit: dimension, factor, then its spellings parted by commas. Case matters: "Mb" is a megabase, "MB" a megabyte.
_TABLE = """
ratio 0.01: %, \\%, percent, per cent, per-cent, pct
points 1: percentage points, percentage point, percent points, percentage-point, percentage-points, pp, %p, % points, ppt
times 1: x, ×, times, fold, -fold
time 1e-9: ns, nanosecond, nanoseconds
time 1e-6: µs, μs, us, microsecond, microseconds
time 1e-3: ms, msec, millisecond, milliseconds
time 1: s, sec, secs, second, seconds
time 60: min, mins, minute, minutes
time 3600: h, hr, hrs, hour, hours
time 86400: d, day, days
time 604800: wk, wks, week, weeks
time 2629800: month, months
time 31557600: yr, yrs, year, years
time 315576000: decade, decades
time 3155760000: century, centuries
bytes 1: byte, bytes
bytes 1e3: kB, KB, KiB, kilobyte, kilobytes
bytes 1e6: MB, MiB, megabyte, megabytes
bytes 1e9: GB, GiB, gigabyte, gigabytes
bytes 1e12: TB, TiB, terabyte, terabytes
bits 1: bit, bits
frequency 1: Hz, hertz
frequency 1e3: kHz
frequency 1e6: MHz
frequency 1e9: GHz
rate 1: fps, frames per second
mass 1e-12: pg
mass 1e-9: ng, nanogram, nanograms
mass 1e-6: µg, μg, mcg, ug, microgram, micrograms
mass 1e-3: mg, milligram, milligrams
mass 1: g, gram, grams
mass 1e3: kg, kilogram, kilograms, kilo, kilos
mass 1e6: tonne, tonnes, metric tons
length 1e-9: nm, nanometer, nanometers, nanometre, nanometres
length 1e-6: µm, μm, um, micrometer, micrometers, micron, microns
length 1e-3: mm, millimeter, millimeters, millimetre, millimetres
length 1e-2: cm, centimeter, centimeters, centimetre, centimetres
length 1: m, meter, meters, metre, metres
length 1e3: km, kilometer, kilometers, kilometre, kilometres
length 0.3048: ft, feet, foot
length 0.0254: inch, inches
length 1609.344: mile, miles
volume 1e-6: µl, μl, µL, μL, ul, uL, microliter, microliters
volume 1e-3: ml, mL, milliliter, milliliters, millilitre, millilitres
volume 1e-1: dl, dL
volume 1: l, L, liter, liters, litre, litres
concentration 1e-9: nM, nanomolar
concentration 1e-6: µM, μM, uM, micromolar
concentration 1e-3: mM, millimolar
substance 1e-9: nmol
substance 1e-6: µmol, μmol, umol
substance 1e-3: mmol
substance 1: mol
celsius 1: °C, ℃, degrees Celsius, degree Celsius, degrees C
fahrenheit 1: °F, degrees Fahrenheit
angle 1: °, deg, degree, degrees
kelvin 1: K, kelvin
voltage 1e-3: mV, millivolt, millivolts
voltage 1: V, volt, volts
power 1e-3: mW
power 1: W, watt, watts
power 1e3: kW, kilowatt, kilowatts
energy 1: J, joule, joules
energy 1e3: kJ
energy 3.6e6: kWh
energy 4184: kcal
electronvolt 1: eV
electronvolt 1e3: keV
electronvolt 1e6: MeV
pressure 1: Pa
pressure 1e3: kPa
pressure 1e6: MPa
pressure 133.322: mmHg, mm Hg
decibel 1: dB, decibel, decibels
bases 1: bp, base pairs
bases 1e3: kb
bases 1e6: Mb
operations 1: FLOPs, FLOPS, flops
operations 1e9: GFLOPs, GFLOPS
operations 1e12: TFLOPs, TFLOPS
operations 1e15: PFLOPs, PFLOPS
dollars 1: $, dollar, dollars, USD
euros 1: €, euro, euros, EUR
sterling 1: £, GBP
share 1e-6: ppm
share 1e-9: ppb
doses 1: IU
"""


def _read(table: str) -> dict[str, tuple[str, Decimal]]:
    units = {}
    for line in table.strip().splitlines():
        head, words = line.split(": ", 1)
        dimension, factor = head.split()
        units.update(dict.fromkeys(words.split(", "), (dimension, Decimal(factor))))
    return units


UNITS = _read(_TABLE)
# Letters that are also variables, names or list marks: they count as units only where a space, or nothing, parts them from digits.
SHORT = frozenset(("d", "g", "h", "l", "m", "s", "x", "K", "L", "V", "W", "J", "×", "us", "um", "ul"))
