namespace Functional;

/// <summary>How to train a denoising autoencoder.</summary>
public sealed record DenoisingOptions : AutoencoderOptions
{
    /// <summary>What is done to the rows that go in; the rows that come out are measured against the clean ones.</summary>
    [Option]
    public Corruption Noise { get; init; } = Corruption.Gaussian(0.5);
}
