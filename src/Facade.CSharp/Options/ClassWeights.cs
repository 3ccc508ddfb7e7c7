using System.Globalization;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace Functional;

/// <summary>How much the rows of each class count in the loss of a classifier.</summary>
public sealed class ClassWeights : Choice
{
    private static readonly NumberRange Weight = new(0, double.PositiveInfinity, false);
    private static readonly Form NoneForm = new("none");
    private static readonly Form BalancedForm = new("balanced");
    private static readonly Form GivenForm = new("W0,W1,...");
    internal static readonly IReadOnlyList<Form> Forms = [NoneForm, BalancedForm, GivenForm];

    private ClassWeights(Form form, double[] numbers)
        : base(form.Name, numbers) { }

    /// <summary>Every row counts the same.</summary>
    public static ClassWeights None { get; } = new(NoneForm, []);

    /// <summary>Every class counts the same: rows/(classes·rows of the class), worked out from the rows trained on.</summary>
    public static ClassWeights Balanced { get; } = new(BalancedForm, []);

    /// <summary>A weight for each class, 0 or more.</summary>
    public static ClassWeights Of(params double[] weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        foreach (double weight in weights)
        {
            if (!Weight.Contains(weight))
                Core.Errors.option<Unit>("class-weights", NumberRange.Show(weight), $"{Weight}", "");
        }

        return new ClassWeights(GivenForm, [.. weights]);
    }

    /// <summary>Reads <c>none</c>, <c>balanced</c>, or weights with commas between.</summary>
    /// <exception cref="ArgumentException">something else, or a weight below 0.</exception>
    public static ClassWeights Parse(string text) => Parse("class-weights", text);

    /// <summary>The text that <see cref="Parse(string)"/> reads.</summary>
    public override string ToString() => Name == GivenForm.Name ? string.Join(',', Numbers.Select(NumberRange.Show)) : Name;

    internal static ClassWeights Parse(string subject, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text == NoneForm.Name)
            return None;
        if (text == BalancedForm.Name)
            return Balanced;
        return Of([
            .. text.Split(',')
                .Select(part =>
                    double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out double weight)
                        ? weight
                        : Core.Errors.option<double>(
                            subject,
                            $"'{text}'",
                            $"one of {string.Join(", ", Forms)}",
                            Core.Suggest.fix([NoneForm.Name, BalancedForm.Name], text)
                        )
                ),
        ]);
    }

    /// <summary>The weights themselves for rows to train on.</summary>
    internal ClassWeights For(int classes, DataRows rows) =>
        Name == BalancedForm.Name && rows.Labels is { } labels
            ? Of([.. Core.ClassifierModule.balancedWeights(classes, [.. labels])])
            : this;

    internal FSharpList<double> ToCore() => ListModule.OfSeq(Numbers);
}
