namespace Functional;

/// <summary>A price on large weights, added to the loss. Made by <see cref="Regularizers"/>, or read from text such as <c>l2:0.0001</c>.</summary>
public sealed class Regularizer : Choice
{
    private static readonly NumberRange Strength = new(0, double.PositiveInfinity, false);
    internal static readonly Form None = new("none");
    internal static readonly Form L1 = new("l1", new FormNumber("STRENGTH", Strength));
    internal static readonly Form L2 = new("l2", new FormNumber("STRENGTH", Strength));
    internal static readonly Form ElasticNet = new("elastic-net", new FormNumber("L1", Strength), new FormNumber("L2", Strength));
    internal static readonly IReadOnlyList<Form> Forms = [None, L1, L2, ElasticNet];

    private Regularizer(string name, double[] numbers)
        : base(name, numbers) { }

    /// <summary>Reads <c>none</c>, <c>l1:STRENGTH</c>, <c>l2:STRENGTH</c> or <c>elastic-net:L1:L2</c>.</summary>
    /// <exception cref="ArgumentException">another name, or a number out of range.</exception>
    public static Regularizer Parse(string text) => Parse("regularizer", text);

    internal static Regularizer Parse(string subject, string text)
    {
        (string name, double[] numbers) = Read(subject, Forms, text);
        return new Regularizer(name, numbers);
    }

    internal static Regularizer Of(Form form, params double[] numbers) =>
        new(form.Name, Checked($"Regularizers.{form.Name}", form, numbers));

    internal Core.Regularizer ToCore() =>
        Name switch
        {
            "none" => Core.RegularizerModule.none,
            "l1" => Core.RegularizerModule.l1(Numbers[0]),
            "l2" => Core.RegularizerModule.l2(Numbers[0]),
            _ => new Core.Regularizer(Numbers[0], Numbers[1]),
        };
}

/// <summary>The regularizers there are. Biases are free; strengths are 0 or more.</summary>
public static class Regularizers
{
    /// <summary>No price.</summary>
    public static Regularizer None { get; } = Regularizer.Of(Regularizer.None);

    /// <summary>strength·Σ|w|.</summary>
    public static Regularizer L1(double strength) => Regularizer.Of(Regularizer.L1, strength);

    /// <summary>strength·Σw².</summary>
    public static Regularizer L2(double strength) => Regularizer.Of(Regularizer.L2, strength);

    /// <summary>l1·Σ|w| + l2·Σw².</summary>
    public static Regularizer ElasticNet(double l1, double l2) => Regularizer.Of(Regularizer.ElasticNet, l1, l2);
}
