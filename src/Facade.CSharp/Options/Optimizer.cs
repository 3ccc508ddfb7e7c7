using System.Globalization;

namespace Functional;

/// <summary>How gradients change parameters. Made by <see cref="Optimizers"/>, or read from text such as <c>adam:0.001</c>.</summary>
public sealed class Optimizer : Choice
{
    internal static readonly FormNumber RateNumber = new("RATE", new NumberRange(0, double.PositiveInfinity, IsAbove: true));
    internal static readonly Form Sgd = new("sgd", RateNumber);
    internal static readonly Form Momentum = new("momentum", RateNumber, new FormNumber("MOMENTUM", new NumberRange(0, 1, false), 0.9));
    internal static readonly Form RmsProp = new("rms-prop", RateNumber);
    internal static readonly Form Adam = new("adam", RateNumber);
    internal static readonly Form AdamW = new(
        "adamw",
        RateNumber,
        new FormNumber("DECAY", new NumberRange(0, double.PositiveInfinity, false), 0.01)
    );
    internal static readonly IReadOnlyList<Form> Forms = [Sgd, Momentum, RmsProp, Adam, AdamW];

    private Optimizer(string name, double[] numbers)
        : base(name, numbers) { }

    /// <summary>The learning rate.</summary>
    public double Rate => Numbers[0];

    /// <summary>Reads <c>sgd:RATE</c>, <c>momentum:RATE[:MOMENTUM]</c>, <c>rms-prop:RATE</c>, <c>adam:RATE</c> or <c>adamw:RATE[:DECAY]</c>.</summary>
    /// <exception cref="ArgumentException">another name, or a number out of range.</exception>
    public static Optimizer Parse(string text) => Parse("optimizer", text);

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

    internal Core.Optimizer ToCore(Schedule schedule)
    {
        Core.Optimizer core = Name switch
        {
            "sgd" => Core.OptimizerModule.sgd(Rate),
            "momentum" => Core.OptimizerModule.momentum(Rate, Numbers[1]),
            "rms-prop" => Core.OptimizerModule.rmsProp(Rate),
            "adam" => Core.OptimizerModule.adam(Rate),
            _ => Core.OptimizerModule.adamW(Rate, Numbers[1]),
        };
        return new Core.Optimizer(core.Rule, core.Rate, schedule.ToCore());
    }
}

/// <summary>The optimizers there are. Rates are more than 0.</summary>
public static class Optimizers
{
    /// <summary>w − rate·g.</summary>
    public static Optimizer Sgd(double rate) => Optimizer.Of(Optimizer.Sgd, rate);

    /// <summary>v ← momentum·v + g; w − rate·v, with momentum in 0 to 1.</summary>
    public static Optimizer Momentum(double rate, double momentum = 0.9) => Optimizer.Of(Optimizer.Momentum, rate, momentum);

    /// <summary>Steps divided by a running root mean square of the gradient (Tieleman &amp; Hinton 2012).</summary>
    public static Optimizer RmsProp(double rate) => Optimizer.Of(Optimizer.RmsProp, rate);

    /// <summary>Running means of the gradient and its square, corrected for their start (Kingma &amp; Ba 2015).</summary>
    public static Optimizer Adam(double rate) => Optimizer.Of(Optimizer.Adam, rate);

    /// <summary>Adam, and weights shrink by rate·decay apart from the gradient (Loshchilov &amp; Hutter 2019).</summary>
    public static Optimizer AdamW(double rate, double decay = 0.01) => Optimizer.Of(Optimizer.AdamW, rate, decay);
}
