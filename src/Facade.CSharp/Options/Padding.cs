namespace Functional;

/// <summary>Zeros around an image before windows move over it.</summary>
public sealed class Padding : Choice
{
    private static readonly NumberRange Size = new(0, int.MaxValue, false);
    private static readonly Form ValidForm = new("valid");
    private static readonly Form SameForm = new("same");
    private static readonly Form ExplicitForm = new("explicit", new FormNumber("ROWS", Size), new FormNumber("COLUMNS", Size));

    private Padding(Form form, params double[] numbers)
        : base(form.Name, Checked("Padding", form, numbers)) { }

    /// <summary>None: every window lies within the image.</summary>
    public static Padding Valid { get; } = new(ValidForm);

    /// <summary>As many as make size/stride positions, rounded up.</summary>
    public static Padding Same { get; } = new(SameForm);

    /// <summary>So many rows above and below, and columns left and right; 0 or more.</summary>
    public static Padding Explicit(int rows, int columns) => new(ExplicitForm, rows, columns);

    internal Core.Padding ToCore() =>
        Name switch
        {
            "valid" => Core.Padding.Valid,
            "same" => Core.Padding.Same,
            _ => Core.Padding.NewExplicit((int)Numbers[0], (int)Numbers[1]),
        };
}
