using System.Globalization;

namespace Functional;

/// <summary>How gradients change parameters. Made by <see cref="Optimizers"/>, or read from text such as <c>adam:0.001</c>.</summary>
public sealed class Optimizer : Choice
{
    private static readonly NumberRange Positive = new(0, double.PositiveInfinity, IsAbove: true);
    private static readonly NumberRange Share = new(0, 1, IsAbove: false, IsBelow: true);
    private static readonly FormNumber RateNumber = new("RATE", Positive);
    private static readonly FormNumber MomentumNumber = new("MOMENTUM", new NumberRange(0, 1, false), 0.9);
    private static readonly FormNumber Epsilon = new("EPSILON", Positive, 1e-8);
    private static readonly FormNumber[] Betas = [new("BETA1", Share, 0.9), new("BETA2", Share, 0.999), Epsilon];
    internal static readonly Form Sgd = new("sgd", RateNumber);
    internal static readonly Form Momentum = new("momentum", RateNumber, MomentumNumber);
    internal static readonly Form Nesterov = new("nesterov", RateNumber, MomentumNumber);
    internal static readonly Form RmsProp = new("rms-prop", RateNumber, new FormNumber("DECAY", Share, 0.9), Epsilon);
    internal static readonly Form Adam = new("adam", [RateNumber, .. Betas]);
    internal static readonly Form AdamW = new(
        "adamw",
        [RateNumber, new FormNumber("DECAY", new NumberRange(0, double.PositiveInfinity, false), 0.01), .. Betas]
    );
    internal static readonly IReadOnlyList<Form> Forms = [Sgd, Momentum, Nesterov, RmsProp, Adam, AdamW];

    private Optimizer(string name, double[] numbers)
        : base(name, numbers) { }

    /// <summary>The learning rate.</summary>
    public double Rate => Numbers[0];

    /// <summary>
    /// Reads <c>sgd:RATE</c>, <c>momentum:RATE[:MOMENTUM]</c>, <c>nesterov:RATE[:MOMENTUM]</c>, <c>rms-prop:RATE[:DECAY][:EPSILON]</c>,
    /// <c>adam:RATE[:BETA1][:BETA2][:EPSILON]</c> or <c>adamw:RATE[:DECAY][:BETA1][:BETA2][:EPSILON]</c>.
    /// </summary>
    /// <exception cref="ArgumentException">another name, or a number out of range.</exception>
    public static Optimizer Parse(string text) => Parse("optimizer", text);

    /// <summary>The text that <see cref="Parse(string)"/> reads, without the usual numbers at its end.</summary>
    public override string ToString()
    {
        IReadOnlyList<FormNumber> known = Forms.First(form => form.Name == Name).Numbers;
        int count = Numbers.Count;
        while (known[count - 1].Usual == Numbers[count - 1])
            count--;
        return string.Join(':', [Name, .. Numbers.Take(count).Select(NumberRange.Show)]);
    }

    internal static Optimizer Parse(string subject, string text)
    {
        (string name, double[] numbers) = Read(subject, Forms, text);
        return new Optimizer(name, numbers);
    }

    internal static Optimizer Of(Form form, params double[] numbers)
    {
        // Parameters are float32, and 0.001f is meant as 0.001.
        double[] shortest =
        [
            .. numbers.Select(number =>
                double.Parse(((float)number).ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
            ),
        ];
        return new Optimizer(form.Name, Checked($"Optimizers.{form.Name}", form, shortest));
    }

    /// <summary>What parameters lose of themselves with a rate of 1, apart from the gradient.</summary>
    internal double WeightDecay => Name == AdamW.Name ? Numbers[1] : 0;

    internal Core.Rule ToCore() =>
        Name switch
        {
            "sgd" => Core.Rule.Sgd,
            "momentum" => Core.Rule.NewMomentum(Numbers[1], false),
            "nesterov" => Core.Rule.NewMomentum(Numbers[1], true),
            "rms-prop" => Core.Rule.NewRmsProp(Numbers[1], Numbers[2]),
            "adam" => Core.Rule.NewAdam(Numbers[1], Numbers[2], Numbers[3]),
            _ => Core.Rule.NewAdam(Numbers[2], Numbers[3], Numbers[4]),
        };
}

/// <summary>The optimizers there are. Rates are more than 0.</summary>
public static class Optimizers
{
    /// <summary>w − rate·g.</summary>
    public static Optimizer Sgd(double rate) => Optimizer.Of(Optimizer.Sgd, rate);

    /// <summary>
    /// v ← momentum·v + g; w − rate·v, or w − rate·(g + momentum·v) with Nesterov's look ahead; momentum in 0 to 1.
    /// </summary>
    public static Optimizer Momentum(double rate, double momentum = 0.9, bool nesterov = false) =>
        Optimizer.Of(nesterov ? Optimizer.Nesterov : Optimizer.Momentum, rate, momentum);

    /// <summary>Steps divided by a running root mean square of the gradient (Tieleman &amp; Hinton 2012); decay is less than 1.</summary>
    public static Optimizer RmsProp(double rate, double decay = 0.9, double epsilon = 1e-8) =>
        Optimizer.Of(Optimizer.RmsProp, rate, decay, epsilon);

    /// <summary>
    /// Running means of the gradient and its square, corrected for their start (Kingma &amp; Ba 2015); both betas are less than 1.
    /// </summary>
    public static Optimizer Adam(double rate, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8) =>
        Optimizer.Of(Optimizer.Adam, rate, beta1, beta2, epsilon);

    /// <summary>Adam, and weights shrink by rate·decay apart from the gradient (Loshchilov &amp; Hutter 2019).</summary>
    public static Optimizer AdamW(double rate, double decay = 0.01, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8) =>
        Optimizer.Of(Optimizer.AdamW, rate, decay, beta1, beta2, epsilon);
}
