using System.Globalization;

namespace Functional;

/// <summary>The numbers that an option may be: from a least to a most one, the least itself left out when it must be exceeded.</summary>
internal readonly record struct NumberRange(double Least, double Most, bool IsAbove)
{
    public bool Contains(double number) => double.IsFinite(number) && (IsAbove ? number > Least : number >= Least) && number <= Most;

    /// <summary>The range in words: "1 or more", "more than 0", "0 to 1".</summary>
    public override string ToString() =>
        (double.IsFinite(Least), double.IsFinite(Most)) switch
        {
            (false, false) => "finite",
            (false, true) => $"at most {Show(Most)}",
            (true, false) => IsAbove ? $"more than {Show(Least)}" : $"{Show(Least)} or more",
            (true, true) => IsAbove ? $"more than {Show(Least)}, at most {Show(Most)}" : $"{Show(Least)} to {Show(Most)}",
        };

    /// <summary>Whether some numbers are outside.</summary>
    public bool IsBounded => double.IsFinite(Least) || double.IsFinite(Most);

    public static string Show(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
