using System.Globalization;

namespace Functional;

/// <summary>Colours that people with any kind of colour blindness can tell apart.</summary>
internal static class Palette
{
    /// <summary>The strokes that tell series apart once the colours have all been used.</summary>
    private static readonly string[] Dashes = ["", "7 3", "2 3"];

    /// <summary>
    /// The set of M. Okabe and K. Ito (Color Universal Design, 2008) without its yellow, which is hard to see on white: blue, vermillion,
    /// bluish green, orange, reddish purple, sky blue, black.
    /// </summary>
    private static readonly string[] Colours = ["#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7", "#56B4E9", "#000000"];

    // White to blue and white to vermillion through the colours above, then darker: lightness alone tells the order.
    private static readonly (int R, int G, int B)[] Blues = [(255, 255, 255), (0, 114, 178), (0, 32, 64)];
    private static readonly (int R, int G, int B)[] Reds = [(255, 255, 255), (213, 94, 0), (74, 24, 0)];

    public static string Colour(int series) => Colours[series % Colours.Length];

    public static string Dash(int series) => Dashes[series / Colours.Length % Dashes.Length];

    /// <summary>Whether a series has round points; those after the last colour have square ones.</summary>
    public static bool IsRound(int series) => series / Colours.Length % 2 == 0;

    /// <summary>White at 0, dark blue at 1, dark vermillion at −1.</summary>
    public static string Shade(double level)
    {
        (int R, int G, int B)[] stops = level < 0 ? Reds : Blues;
        double place = Math.Clamp(Math.Abs(level), 0, 1) * (stops.Length - 1);
        int below = Math.Min((int)place, stops.Length - 2);
        double share = place - below;
        (int R, int G, int B) from = stops[below];
        (int R, int G, int B) to = stops[below + 1];
        int Mix(int one, int other) => (int)Math.Round(one + share * (other - one));
        return string.Create(CultureInfo.InvariantCulture, $"#{Mix(from.R, to.R):X2}{Mix(from.G, to.G):X2}{Mix(from.B, to.B):X2}");
    }

    /// <summary>Whether writing on a shade must be white.</summary>
    public static bool IsDark(double level) => Math.Abs(level) > 0.35;
}
