using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>
/// A factor on the rate for each single weight, which grows by a bonus while the sign of its gradient stays and shrinks by a penalty when
/// it turns (Jacobs 1988).
/// </summary>
public sealed class LocalGains : Choice
{
    private static readonly NumberRange AtMostOne = new(0, 1, IsAbove: true);
    private static readonly Form NoneForm = new("none");
    private static readonly Form AdaptiveForm = new(
        "adaptive",
        new FormNumber("LOW", AtMostOne, 0.1),
        new FormNumber("HIGH", new NumberRange(1, double.PositiveInfinity, false), 10),
        new FormNumber("BONUS", new NumberRange(0, double.PositiveInfinity, false), 0.05),
        new FormNumber("PENALTY", AtMostOne, 0.95)
    );
    internal static readonly IReadOnlyList<Form> Forms = [NoneForm, AdaptiveForm];

    private LocalGains(string name, double[] numbers)
        : base(name, numbers) { }

    /// <summary>One rate for all weights.</summary>
    public static LocalGains None { get; } = new(NoneForm.Name, []);

    /// <summary>
    /// Gains from 1 on, within <paramref name="low"/> (more than 0, at most 1) and <paramref name="high"/> (1 or more):
    /// <paramref name="bonus"/> (0 or more) is added when the sign stays, <paramref name="penalty"/> (more than 0, at most 1) multiplied
    /// with when it turns.
    /// </summary>
    public static LocalGains Adaptive(double low = 0.1, double high = 10, double bonus = 0.05, double penalty = 0.95) =>
        new(AdaptiveForm.Name, Checked("LocalGains.Adaptive", AdaptiveForm, low, high, bonus, penalty));

    /// <summary>Reads <c>none</c> or <c>adaptive[:LOW][:HIGH][:BONUS][:PENALTY]</c>.</summary>
    /// <exception cref="ArgumentException">another name, or a number out of range.</exception>
    public static LocalGains Parse(string text) => Parse("local-gains", text);

    internal static LocalGains Parse(string subject, string text)
    {
        (string name, double[] numbers) = Read(subject, Forms, text);
        return new LocalGains(name, numbers);
    }

    internal FSharpOption<Core.LocalGains>? ToCore() =>
        Name == NoneForm.Name
            ? null
            : FSharpOption<Core.LocalGains>.Some(new Core.LocalGains(Numbers[0], Numbers[1], Numbers[2], Numbers[3]));
}
