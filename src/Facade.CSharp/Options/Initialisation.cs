using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>How the weights of a whole network are drawn before training.</summary>
public enum Initialisation
{
    /// <summary>Each layer as suits its activation: <see cref="HeNormal"/> of rectified units, <see cref="GlorotNormal"/> of others.</summary>
    Automatic,

    /// <summary>As <see cref="Initializer.HeNormal"/>.</summary>
    HeNormal,

    /// <summary>As <see cref="Initializer.HeUniform"/>.</summary>
    HeUniform,

    /// <summary>As <see cref="Initializer.GlorotNormal"/>.</summary>
    GlorotNormal,

    /// <summary>As <see cref="Initializer.GlorotUniform"/>.</summary>
    GlorotUniform,
}

internal static class InitialisationText
{
    public static FSharpOption<Core.Initializer>? ToCore(this Initialisation initialisation) =>
        initialisation == Initialisation.Automatic
            ? FSharpOption<Core.Initializer>.None
            : FSharpOption<Core.Initializer>.Some(Core.Init.ofName(Names.Kebab(initialisation.ToString())));
}
