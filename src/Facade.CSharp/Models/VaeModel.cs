using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>
/// A trained variational autoencoder (Kingma &amp; Welling 2014): immutable, and safe to use from many threads. The code of a row is the mean
/// of its distribution; the row of a code is the decoder's expectation.
/// </summary>
public sealed class VaeModel : LatentModel, ISampler, ICodeSpace, IDensity
{
    private readonly Core.Vae _vae;
    private readonly VaeFunctions _functions;

    internal VaeModel(
        string kind,
        Core.Vae vae,
        VaeFunctions functions,
        VariationalOptions options,
        IReadOnlyList<int> rowShape,
        History history
    )
        : base(kind, functions.Of(vae, options), options.LatentSize, options, rowShape, history)
    {
        _vae = vae;
        _functions = functions;
    }

    /// <summary>What it was trained with.</summary>
    public new VariationalOptions Options => (VariationalOptions)base.Options;

    /// <summary>New rows: the decoder's expectation of codes drawn from the standard normal. The first rows do not depend on the count.</summary>
    /// <param name="count">1 or more.</param>
    /// <param name="seed">The same seed gives the same rows.</param>
    /// <exception cref="ArgumentException">the count is below 1.</exception>
    public DataRows Sample(int count, long seed = 0)
    {
        if (count < 1)
            Core.Errors.option<Unit>("Sample: count", $"{count}", "1 or more", "");
        Core.Tensor codes = Core.Sample.normal(Keys.Of(seed, Keys.Samples), Core.DType.Float32, [count, CodeSize]);
        return Decode(Matrix.Of(codes.ToFloat32s(), CodeSize));
    }

    /// <summary>The expected rows of a square of codes over the quantiles 0.05 to 0.95 of the standard normal, line by line: the first
    /// number of the code grows to the right, the second one upwards.</summary>
    /// <param name="side">Codes along each side, 2 or more.</param>
    /// <exception cref="ArgumentException">codes are not of two numbers, or the side is below 2.</exception>
    public DataRows Manifold(int side = 15)
    {
        if (CodeSize != 2)
            Core.Errors.option<Unit>("Manifold", $"codes of {CodeSize} numbers", "2", "train with latent-size=2");
        return Decoded(Core.Latent.grid(side));
    }

    /// <summary>The expected rows along a way from the mean code of one row to that of another, both ends included.</summary>
    /// <param name="from">The row to begin with.</param>
    /// <param name="to">The row to end with.</param>
    /// <param name="steps">Rows on the way, 2 or more.</param>
    /// <param name="way">How to go.</param>
    /// <exception cref="ArgumentException">a row has another size than the model's, or the steps are below 2.</exception>
    public DataRows Interpolate(ReadOnlySpan<float> from, ReadOnlySpan<float> to, int steps = 10, Interpolation way = Interpolation.Linear)
    {
        Core.Interpolation core = way == Interpolation.Spherical ? Core.Interpolation.Spherical : Core.Interpolation.Linear;
        return Decoded(Core.Latent.path(core, steps, Encode(from), Encode(to)));
    }

    /// <summary>The mean over rows of a lower bound on log p(x), in nats, that rises to it with <paramref name="samples"/>
    /// (Burda, Grosse &amp; Salakhutdinov 2016).</summary>
    /// <param name="rows">One row or more.</param>
    /// <param name="samples">Codes drawn for each row, 1 or more.</param>
    /// <param name="seed">The same seed gives the same draws.</param>
    /// <exception cref="ArgumentException">there are no rows or no samples, or rows have another size than the model's.</exception>
    public double LogLikelihood(DataRows rows, int samples = 100, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(rows);
        CheckRows("LogLikelihood", rows.Count, rows.RowSize);
        if (samples < 1)
            Core.Errors.option<Unit>("LogLikelihood: samples", $"{samples}", "1 or more", "");
        return _functions.LogLikelihood(_vae, rows, samples, Keys.Of(seed, Keys.Evidence));
    }

    /// <inheritdoc/>
    public override void Save(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        ModelFile.Save(path, this, _vae);
    }

    private DataRows Decoded(float[][] codes) => Decode(Matrix.Of([.. codes.SelectMany(code => code)], CodeSize));
}
