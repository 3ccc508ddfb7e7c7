namespace Functional.Tests;

/// <summary>The README's example for C#. What stands between the markers stands in the README, word for word.</summary>
internal static class ReadmeExample
{
    public static void Run()
    {
        // README begins
        ImageSet letters = Datasets.Letters(seed: 1);
        VaeModel vae = Models.Vae.Train(
            letters.Train,
            new VaeOptions
            {
                Hidden = [400],
                LatentSize = 8,
                Epochs = 10,
                BatchSize = 100,
                Optimizer = Optimizers.Adam(0.001),
                Seed = 7,
                Validation = letters.Validation,
            }
        );

        vae.Sample(64).SavePng("samples.png", columns: 8);
        float[] code = vae.Encode(letters.Test[0]);
        float[] image = vae.Decode(code);

        vae.Save("vae.safetensors");
        VaeModel again = Models.Vae.Load("vae.safetensors");
        Console.WriteLine($"{again.Evaluate(letters.Test)["loss"]:F1} nats per image");
        // README ends

        _ = image;
    }
}
