using System.Globalization;

namespace Functional;

/// <summary>A place on an axis and what stands there.</summary>
internal readonly record struct Tick(double Value, string Label);

/// <summary>Places on an axis that are easy to read: multiples of 1, 2 or 5 times a power of ten.</summary>
internal static class Ticks
{
    private static readonly int[] Digits = [1, 2, 5];

    /// <summary>Sets of ticks from <paramref name="low"/> to <paramref name="high"/>, each coarser than the one before; the last has one or none.</summary>
    /// <param name="low">The lower end.</param>
    /// <param name="high">The upper end, above the lower one.</param>
    /// <param name="most">About how many ticks the first set has.</param>
    /// <param name="areWhole">Whether only whole numbers have a meaning.</param>
    public static IEnumerable<IReadOnlyList<Tick>> Linear(double low, double high, int most, bool areWhole)
    {
        int first = (int)Math.Floor(3 * Math.Log10((high - low) / most));
        for (int size = areWhole ? Math.Max(0, first) : first; ; size++)
        {
            IReadOnlyList<Tick> ticks = Multiples(low, high, Digits[((size % 3) + 3) % 3], (int)Math.Floor(size / 3.0));
            yield return ticks;
            if (ticks.Count < 2)
                yield break;
        }
    }

    /// <summary>Sets of ticks on a logarithmic axis between powers of ten, each coarser than the one before.</summary>
    /// <param name="low">The decimal logarithm of the lower end.</param>
    /// <param name="high">That of the upper end.</param>
    public static IEnumerable<IReadOnlyList<Tick>> Logarithmic(double low, double high)
    {
        int first = (int)Math.Ceiling(low);
        int last = (int)Math.Floor(high);
        if (last - first < 2)
        {
            IEnumerable<Tick> steps =
                from exponent in Enumerable.Range(first - 1, last - first + 2)
                from digit in Digits
                let place = exponent + Math.Log10(digit)
                where place >= low && place <= high
                select new Tick(Scaled(digit, exponent), PowerLabel(digit, exponent));
            yield return [.. steps];
        }

        // Less than a decade can hold fewer than two of those.
        if (last <= first)
        {
            foreach (IReadOnlyList<Tick> ticks in Linear(Math.Pow(10, low), Math.Pow(10, high), 8, areWhole: false))
                yield return ticks;
            yield break;
        }

        for (int stride = 1; stride <= last - first; stride++)
        {
            yield return
            [
                .. from exponent in Enumerable.Range(first, last - first + 1)
                where (exponent - first) % stride == 0
                select new Tick(Scaled(1, exponent), PowerLabel(1, exponent)),
            ];
        }
    }

    private static IReadOnlyList<Tick> Multiples(double low, double high, int digit, int exponent)
    {
        double step = Scaled(digit, exponent);
        double[] values =
        [
            .. Enumerable
                .Range(0, (int)Math.Min(1000, Math.Floor(high / step) - Math.Ceiling(low / step) + 1))
                .Select(i => Scaled((Math.Ceiling(low / step) + i) * digit, exponent)),
        ];
        double largest = values.Select(Math.Abs).DefaultIfEmpty(0).Max();
        return [.. values.Select(value => new Tick(value, Label(value, largest, exponent)))];
    }

    /// <summary>A number beside others of which the largest is given, to the place of 10 to an exponent.</summary>
    private static string Label(double value, double largest, int exponent)
    {
        if (value == 0)
            return "0";
        if (largest is >= 1e-3 and < 1e6)
            return Show(value, -exponent);
        int power = (int)Math.Floor(Math.Log10(largest) + 1e-9);
        return $"{Show(value / Math.Pow(10, power), power - exponent)}·10{Superscript(power)}";
    }

    private static string PowerLabel(int digit, int exponent) =>
        exponent is >= -3 and < 4 ? Show(Scaled(digit, exponent), -exponent)
        : digit == 1 ? $"10{Superscript(exponent)}"
        : $"{digit}·10{Superscript(exponent)}";

    private static string Show(double value, int decimals) =>
        value.ToString($"F{Math.Clamp(decimals, 0, 15)}", CultureInfo.InvariantCulture).Replace('-', '−');

    private static string Superscript(int number) =>
        string.Concat(number.ToString(CultureInfo.InvariantCulture).Select(digit => digit == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit - '0']));

    /// <summary>number · 10^exponent; dividing by a power of ten rounds once, multiplying by its inverse twice.</summary>
    private static double Scaled(double number, int exponent) =>
        exponent < 0 ? number / Math.Pow(10, -exponent) : number * Math.Pow(10, exponent);
}
