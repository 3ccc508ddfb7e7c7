using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>Rows that a loss takes for probabilities of pixels.</summary>
internal static class UnitRange
{
    /// <summary>Refuses numbers outside of 0 to 1 in the name of the option that needs them there; <paramref name="other"/> does not.</summary>
    public static void Check(string option, string value, DataRows rows, string other) =>
        Refuse(option, $"{value} for {rows.Name}", rows, $"scale the data, or choose {other}");

    /// <summary>Refuses numbers outside of 0 to 1 for a model that takes no others.</summary>
    public static void Check(DataRows rows) => Refuse("data", rows.Name, rows, "scale the data");

    private static void Refuse(string subject, string found, DataRows rows, string fix)
    {
        int outside = rows.Values.IndexOfAnyExceptInRange(0f, 1f);
        if (outside >= 0)
            Core.Errors.option<Unit>(
                subject,
                $"{found}, where row {outside / rows.RowSize} holds {rows.Values[outside]}",
                "numbers in 0 to 1",
                fix
            );
    }
}
