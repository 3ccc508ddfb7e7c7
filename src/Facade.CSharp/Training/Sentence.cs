namespace Functional;

/// <summary>Exceptions as one sentence.</summary>
internal static class Sentence
{
    /// <summary>The message without the parameter's name that .NET adds to it.</summary>
    public static string Of(Exception fault) =>
        fault is ArgumentException { ParamName: { } name } && fault.Message.EndsWith($" (Parameter '{name}')", StringComparison.Ordinal)
            ? fault.Message[..^$" (Parameter '{name}')".Length]
            : fault.Message;
}
