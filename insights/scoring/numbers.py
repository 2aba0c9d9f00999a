"""Six decimals, rounded here exactly as PostgreSQL rounds them."""

from decimal import ROUND_HALF_UP, Decimal

SIX = Decimal("0.000001")
# what PostgreSQL keeps of a double precision number that becomes numeric
DOUBLE_DIGITS = ".15g"


def six(value: float) -> Decimal:
    """As `round(value::numeric, 6)` of a double precision number says."""
    return Decimal(format(value, DOUBLE_DIGITS)).quantize(SIX, rounding=ROUND_HALF_UP)


def whole(value: Decimal) -> int:
    """As `round(value)` of a numeric says: halves away from zero."""
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def signed(points: int) -> str:
    """Points with their sign, a real minus for the fallen ones."""
    return f"+{points}" if points > 0 else f"−{-points}" if points else "±0"
