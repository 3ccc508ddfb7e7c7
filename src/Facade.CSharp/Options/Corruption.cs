namespace Functional;

/// <summary>What is done to rows before a denoising autoencoder sees them.</summary>
public sealed class Corruption : Choice
{
    private static readonly FormNumber Share = new("SHARE", new NumberRange(0, 1, IsAbove: false));
    private static readonly Form GaussianForm = new(
        "gaussian",
        new FormNumber("DEVIATION", new NumberRange(0, double.PositiveInfinity, IsAbove: false))
    );
    private static readonly Form MaskingForm = new("masking", Share);
    private static readonly Form RandomForm = new("random", Share);
    private static readonly Form DropoutForm = new("dropout", new FormNumber("RATE", new NumberRange(0, 1, IsAbove: false, IsBelow: true)));
    internal static readonly IReadOnlyList<Form> Forms = [GaussianForm, MaskingForm, RandomForm, DropoutForm];

    private Corruption(string name, double[] numbers)
        : base(name, numbers) { }

    /// <summary>Normal noise of mean 0 is added; <paramref name="deviation"/> is 0 or more, in units of the data.</summary>
    public static Corruption Gaussian(double deviation) => Of(GaussianForm, deviation);

    /// <summary>Each number becomes 0 with probability <paramref name="share"/>, 0 to 1.</summary>
    public static Corruption Masking(double share) => Of(MaskingForm, share);

    /// <summary>Each number becomes another, uniform in [0, 1), with probability <paramref name="share"/>, 0 to 1.</summary>
    public static Corruption Random(double share) => Of(RandomForm, share);

    /// <summary>
    /// Each number becomes 0 with probability <paramref name="rate"/>, 0 up to less than 1, and is divided by 1 − rate otherwise, so that
    /// its mean stays.
    /// </summary>
    public static Corruption Dropout(double rate) => Of(DropoutForm, rate);

    /// <summary>Reads <c>gaussian:DEVIATION</c>, <c>masking:SHARE</c>, <c>random:SHARE</c> or <c>dropout:RATE</c>.</summary>
    /// <exception cref="ArgumentException">another name, or a number out of range.</exception>
    public static Corruption Parse(string text) => Parse("noise", text);

    internal static Corruption Parse(string subject, string text)
    {
        (string name, double[] numbers) = Read(subject, Forms, text);
        return new Corruption(name, numbers);
    }

    internal Core.Corruption ToCore() =>
        Name switch
        {
            "gaussian" => Core.Corruption.NewGaussianNoise(Numbers[0]),
            "masking" => Core.Corruption.NewMasking(Numbers[0]),
            "random" => Core.Corruption.NewRandomIntensity(Numbers[0]),
            _ => Core.Corruption.NewInputDropout(Numbers[0]),
        };

    private static Corruption Of(Form form, double number) => new(form.Name, Checked($"Corruption.{form.Name}", form, number));
}
