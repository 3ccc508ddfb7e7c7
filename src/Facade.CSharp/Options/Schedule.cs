namespace Functional;

/// <summary>How the learning rate changes with the optimizer's steps. Made by <see cref="Schedules"/>, or read from text such as <c>warmup:100</c>.</summary>
public sealed class Schedule : Choice
{
    private static readonly NumberRange Steps = new(1, int.MaxValue, false);
    private static readonly NumberRange Fraction = new(0, 1, IsAbove: true);
    internal static readonly Form Constant = new("constant");
    internal static readonly Form Warmup = new("warmup", new FormNumber("STEPS", Steps));
    internal static readonly Form StepDecay = new("step-decay", new FormNumber("EVERY", Steps), new FormNumber("FACTOR", Fraction));
    internal static readonly Form ExponentialDecay = new(
        "exponential-decay",
        new FormNumber("EVERY", Steps),
        new FormNumber("FACTOR", Fraction)
    );
    internal static readonly Form Cosine = new(
        "cosine",
        new FormNumber("STEPS", Steps),
        new FormNumber("FLOOR", new NumberRange(0, 1, false), 0)
    );
    internal static readonly IReadOnlyList<Form> Forms = [Constant, Warmup, StepDecay, ExponentialDecay, Cosine];

    private Schedule(string name, double[] numbers)
        : base(name, numbers) { }

    /// <summary>Reads <c>constant</c>, <c>warmup:STEPS</c>, <c>step-decay:EVERY:FACTOR</c>, <c>exponential-decay:EVERY:FACTOR</c> or <c>cosine:STEPS[:FLOOR]</c>.</summary>
    /// <exception cref="ArgumentException">another name, or a number out of range.</exception>
    public static Schedule Parse(string text) => Parse("schedule", text);

    internal static Schedule Parse(string subject, string text)
    {
        (string name, double[] numbers) = Read(subject, Forms, text);
        return new Schedule(name, numbers);
    }

    internal static Schedule Of(Form form, params double[] numbers) => new(form.Name, Checked($"Schedules.{form.Name}", form, numbers));

    internal Core.RateSchedule ToCore() =>
        Name switch
        {
            "constant" => Core.RateSchedule.Constant,
            "warmup" => Core.RateSchedule.NewWarmup((int)Numbers[0]),
            "step-decay" => Core.RateSchedule.NewStepDecay((int)Numbers[0], Numbers[1]),
            "exponential-decay" => Core.RateSchedule.NewExponentialDecay((int)Numbers[0], Numbers[1]),
            _ => Core.RateSchedule.NewCosine((int)Numbers[0], Numbers[1]),
        };
}

/// <summary>The schedules there are: factors on the optimizer's rate. Steps count batches.</summary>
public static class Schedules
{
    /// <summary>1 throughout.</summary>
    public static Schedule Constant { get; } = Schedule.Of(Schedule.Constant);

    /// <summary>From 0 to 1 over the first steps, then 1.</summary>
    public static Schedule Warmup(int steps) => Schedule.Of(Schedule.Warmup, steps);

    /// <summary>factor^⌊step/every⌋, with a factor above 0 and at most 1.</summary>
    public static Schedule StepDecay(int every, double factor) => Schedule.Of(Schedule.StepDecay, every, factor);

    /// <summary>factor^(step/every), with a factor above 0 and at most 1.</summary>
    public static Schedule ExponentialDecay(int every, double factor) => Schedule.Of(Schedule.ExponentialDecay, every, factor);

    /// <summary>Half a cosine from 1 down to <paramref name="floor"/> at <paramref name="steps"/>, then the floor.</summary>
    public static Schedule Cosine(int steps, double floor = 0) => Schedule.Of(Schedule.Cosine, steps, floor);
}
