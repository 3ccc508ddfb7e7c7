namespace Functional;

/// <summary>What every kind of model can be told about its training. Values are checked when training begins.</summary>
public abstract record TrainingOptions
{
    /// <summary>How often training goes through all rows; 1 or more.</summary>
    [Option(Least = 1)]
    public virtual int Epochs { get; init; } = 60;

    /// <summary>Rows that one step looks at; 1 or more.</summary>
    [Option(Least = 1)]
    public int BatchSize { get; init; } = 64;

    /// <summary>Where all randomness of the training comes from: the same seed gives the same bits.</summary>
    [Option]
    public long Seed { get; init; } = 1;

    /// <summary>Threads to compute with; 1 or more. Results do not depend on it.</summary>
    [Option(Least = 1, Most = 1024, IsExecution = true)]
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>What computes: <c>cpu</c>, or <c>reference</c>, which is slow and defines what every operation means.</summary>
    [Option(IsExecution = true, Names = [ComputeEngines.Cpu, ComputeEngines.Reference])]
    public string Engine { get; init; } = ComputeEngines.Cpu;

    /// <summary>
    /// What is done when a number is no longer finite or beyond its limit: training ends, or goes back to the beginning of the epoch and on
    /// with half the rate.
    /// </summary>
    [Option]
    public OnDivergence OnDivergence { get; init; } = OnDivergence.Stop;

    /// <summary>Rows to report on after every epoch, or none.</summary>
    public DataRows? Validation { get; init; }

    /// <summary>What happens along the way.</summary>
    public IReadOnlyList<Callback> Callbacks { get; init; } = [];

    /// <summary>Every option by its name on the command line, with its value as text and the values it can have.</summary>
    public IReadOnlyList<OptionValue> List() => OptionProperty.List(this);

    /// <summary>The same options with some read from text: <c>("latent-size", "20")</c>, <c>("optimizer", "adam:0.001")</c>.</summary>
    /// <exception cref="ArgumentException">an unknown key, which is answered with the nearest, or a value out of range.</exception>
    public TrainingOptions With(params IEnumerable<KeyValuePair<string, string>> texts)
    {
        TrainingOptions changed = this with { };
        foreach ((string key, string text) in texts)
            OptionProperty.Find(GetType(), key).Set(changed, text);
        return changed;
    }

    /// <summary>Refuses values out of range.</summary>
    /// <exception cref="ArgumentException">a value out of range: names the property, the value and the range.</exception>
    public void Validate()
    {
        foreach (OptionProperty option in OptionProperty.Of(GetType()))
            option.Check(this);
        if (Callbacks is null || Callbacks.Contains(null!))
            throw new ArgumentException($"{GetType().Name}.Callbacks: found null, expected callbacks.", nameof(Callbacks));
        foreach (KnownCallback callback in Callbacks.OfType<KnownCallback>())
            callback.Validate();
    }

    internal virtual Core.TrainingOptions ToCore()
    {
        Core.TrainingOptions usual = Core.TrainingOptionsModule.defaults;
        return new Core.TrainingOptions(
            Epochs,
            BatchSize,
            Seed,
            usual.Optimizer,
            usual.Regularizer,
            usual.Frozen,
            usual.Limits,
            OnDivergence.ToCore()
        );
    }
}

/// <summary>An option as text.</summary>
/// <param name="Key">The name on the command line: latent-size.</param>
/// <param name="Value">The value, as it is given there.</param>
/// <param name="Expected">The values it can have, in words.</param>
public sealed record OptionValue(string Key, string Value, string Expected);
