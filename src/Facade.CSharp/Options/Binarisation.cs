namespace Functional;

/// <summary>How grey levels in 0 to 1 become black or white before a model learns them.</summary>
public enum Binarisation
{
    /// <summary>They stay as they are.</summary>
    None,

    /// <summary>1 from ½ on, else 0.</summary>
    Threshold,

    /// <summary>1 with the level as its probability, drawn once from the seed (Salakhutdinov &amp; Murray 2008).</summary>
    Static,

    /// <summary>1 with the level as its probability, drawn anew at every step (Burda, Grosse &amp; Salakhutdinov 2016).</summary>
    Dynamic,
}

internal static class BinarisationText
{
    public static Core.Binarisation ToCore(this Binarisation binarisation) =>
        binarisation switch
        {
            Binarisation.Threshold => Core.Binarisation.Threshold,
            Binarisation.Static => Core.Binarisation.Static,
            Binarisation.Dynamic => Core.Binarisation.Dynamic,
            _ => Core.Binarisation.None,
        };

    /// <summary>Rows as a training with a seed learns them, but for what is drawn at every step.</summary>
    public static Core.Dataset Once(this Core.Binarisation binarisation, long seed, Core.Dataset rows) =>
        Core.BinarisationModule.once(binarisation, Core.KeyModule.words(Keys.Of(seed, Keys.Pixels)), rows);
}
