using System.Globalization;

namespace Functional;

/// <summary>The numbers that an option may be: from a least to a most one, each left out where it must not be reached.</summary>
internal readonly record struct NumberRange(double Least, double Most, bool IsAbove, bool IsBelow = false)
{
    public bool Contains(double number) =>
        double.IsFinite(number) && (IsAbove ? number > Least : number >= Least) && (IsBelow ? number < Most : number <= Most);

    /// <summary>The range in words: "1", "1 or more", "more than 0", "0 to 1", "0 or more, less than 1".</summary>
    public override string ToString()
    {
        string least = IsAbove ? $"more than {Show(Least)}" : $"{Show(Least)} or more";
        string most = IsBelow ? $"less than {Show(Most)}" : $"at most {Show(Most)}";
        return (double.IsFinite(Least), double.IsFinite(Most)) switch
        {
            (false, false) => "finite",
            (false, true) => most,
            (true, false) => least,
            (true, true) when Least == Most => Show(Least),
            (true, true) => IsAbove || IsBelow ? $"{least}, {most}" : $"{Show(Least)} to {Show(Most)}",
        };
    }

    /// <summary>Whether some numbers are outside.</summary>
    public bool IsBounded => double.IsFinite(Least) || double.IsFinite(Most);

    public static string Show(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
