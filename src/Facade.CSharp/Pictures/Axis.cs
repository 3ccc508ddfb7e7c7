namespace Functional;

/// <summary>What an axis is for.</summary>
/// <param name="Label">What it measures, with its unit.</param>
/// <param name="Values">What has to find a place.</param>
/// <param name="Below">The share of the values' range that stays free at the lower end.</param>
/// <param name="Above">The share that stays free at the upper end.</param>
/// <param name="IsLogarithmic">Whether equal factors are equally far apart; values of 0 and less then have no place.</param>
internal sealed record Measure(
    string Label,
    IEnumerable<double> Values,
    double Below = 0.05,
    double Above = 0.05,
    bool IsLogarithmic = false
);

/// <summary>An axis over given values: where a value lies on it, and its ticks.</summary>
internal sealed class Axis
{
    /// <summary>What is larger, or on a logarithmic axis closer to 0 than its inverse, is left out, as numbers that are not finite are.</summary>
    private const double Largest = 1e300;

    private readonly double _length;
    private readonly double _low;
    private readonly double _high;
    private readonly bool _isLogarithmic;
    private readonly bool _areWhole;

    /// <param name="measure">What it is for.</param>
    /// <param name="length">Pixels from end to end.</param>
    public Axis(Measure measure, double length)
    {
        _length = length;
        _isLogarithmic = measure.IsLogarithmic;
        double[] placed = [.. measure.Values.Where(Has)];
        _areWhole = !_isLogarithmic && placed.Length > 0 && placed.All(value => Math.Abs(value) < 1e15 && value == Math.Floor(value));
        double low = placed.Length == 0 ? 0 : Map(placed.Min());
        double high = placed.Length == 0 ? 1 : Map(placed.Max());
        double around = Math.Max(Math.Abs(low), Math.Abs(high));
        if (high - low <= 1e-12 * around || high == low)
        {
            // One value alone, or rounding errors around one, stands in the middle.
            double free = _isLogarithmic || around == 0 ? 0.5 : 0.1 * around;
            (low, high) = (low - free, high + free);
        }

        _low = low - measure.Below * (high - low);
        _high = high + measure.Above * (high - low);
    }

    /// <summary>Whether a value has a place.</summary>
    public bool Has(double value) => double.IsFinite(value) && Math.Abs(value) <= Largest && (!_isLogarithmic || value >= 1 / Largest);

    /// <summary>Pixels from the lower end.</summary>
    public double At(double value) => _length * (Map(value) - _low) / (_high - _low);

    /// <summary>As many ticks as there is room for.</summary>
    /// <param name="room">The pixels that a tick needs along the axis.</param>
    public IReadOnlyList<Tick> Ticks(Func<Tick, double> room)
    {
        IReadOnlyList<Tick>[] sets =
        [
            .. _isLogarithmic
                ? Functional.Ticks.Logarithmic(_low, _high)
                : Functional.Ticks.Linear(_low, _high, Math.Max(2, (int)(_length / 50)), _areWhole),
        ];
        return sets.FirstOrDefault(ticks => ticks.Count > 1 && Fits(ticks, room)) ?? sets.FirstOrDefault(ticks => ticks.Count == 1) ?? [];
    }

    private bool Fits(IReadOnlyList<Tick> ticks, Func<Tick, double> room) =>
        ticks.Zip(ticks.Skip(1)).All(pair => At(pair.Second.Value) - At(pair.First.Value) >= (room(pair.First) + room(pair.Second)) / 2);

    private double Map(double value) => _isLogarithmic ? Math.Log10(value) : value;
}
