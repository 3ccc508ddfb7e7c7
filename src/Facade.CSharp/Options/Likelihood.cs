namespace Functional;

/// <summary>What a decoder says about a number of the data.</summary>
public sealed class Likelihood : Choice
{
    private static readonly Form BernoulliForm = new("bernoulli");
    private static readonly Form GaussianForm = new(
        "gaussian",
        new FormNumber("DEVIATION", new NumberRange(0, double.PositiveInfinity, IsAbove: true))
    );
    internal static readonly IReadOnlyList<Form> Forms = [BernoulliForm, GaussianForm];

    private Likelihood(string name, double[] numbers)
        : base(name, numbers) { }

    /// <summary>It is 1 with a probability that the decoder gives; grey levels between 0 and 1 count as both in part.</summary>
    public static Likelihood Bernoulli { get; } = new(BernoulliForm.Name, []);

    /// <summary>It is normal about a mean that the decoder gives, with one deviation, more than 0, for all.</summary>
    public static Likelihood Gaussian(double deviation) => new(GaussianForm.Name, Checked("Likelihood.Gaussian", GaussianForm, deviation));

    /// <summary>Reads <c>bernoulli</c> or <c>gaussian:DEVIATION</c>.</summary>
    /// <exception cref="ArgumentException">another name, or a number out of range.</exception>
    public static Likelihood Parse(string text) => Parse("likelihood", text);

    internal static Likelihood Parse(string subject, string text)
    {
        (string name, double[] numbers) = Read(subject, Forms, text);
        // One instance, so that it can be compared with.
        return name == BernoulliForm.Name ? Bernoulli : new Likelihood(name, numbers);
    }

    internal Core.Likelihood ToCore() => Name == BernoulliForm.Name ? Core.Likelihood.Bernoulli : Core.Likelihood.NewGaussian(Numbers[0]);
}
