using System.Globalization;

namespace Functional;

/// <summary>One of several named forms with its numbers, written as text with colons between: <c>adam:0.001</c>.</summary>
public abstract class Choice : IEquatable<Choice>
{
    private readonly double[] _numbers;

    private protected Choice(string name, double[] numbers)
    {
        Name = name;
        _numbers = numbers;
    }

    /// <summary>The form's name, as on the command line.</summary>
    public string Name { get; }

    /// <summary>The form's numbers, in order.</summary>
    public IReadOnlyList<double> Numbers => _numbers;

    /// <inheritdoc/>
    public bool Equals(Choice? other) => other is not null && GetType() == other.GetType() && ToString() == other.ToString();

    /// <inheritdoc/>
    public override bool Equals(object? other) => Equals(other as Choice);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The text that <c>Parse</c> reads.</summary>
    public override string ToString() => string.Join(':', [Name, .. _numbers.Select(NumberRange.Show)]);

    /// <summary>The numbers of a form, once they are checked.</summary>
    private protected static double[] Checked(string subject, Form form, params double[] numbers)
    {
        foreach ((FormNumber known, double number) in form.Numbers.Zip(numbers))
        {
            if (!known.Range.Contains(number))
                Core.Errors.option<Core.Tensor>(subject, $"{known.Name} {NumberRange.Show(number)} of {form.Name}", $"{known.Range}", "");
        }

        return numbers;
    }

    /// <summary>Reads one of <paramref name="forms"/>; numbers left out at the end have their usual values.</summary>
    private protected static (string Name, double[] Numbers) Read(string subject, IReadOnlyList<Form> forms, string text)
    {
        string[] parts = text.Split(':');
        Form form = forms.FirstOrDefault(form => form.Name == parts[0]) ?? Refuse(subject, forms, text);
        double[] numbers = new double[form.Numbers.Count];
        if (parts.Length - 1 > numbers.Length)
            Refuse(subject, forms, text);
        for (int i = 0; i < numbers.Length; i++)
        {
            if (i + 1 >= parts.Length)
                numbers[i] = form.Numbers[i].Usual ?? Refuse(subject, forms, text).Numbers[i].Range.Least;
            else if (!double.TryParse(parts[i + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
                Refuse(subject, forms, text);
        }

        return (form.Name, Checked(subject, form, numbers));
    }

    private static Form Refuse(string subject, IReadOnlyList<Form> forms, string text) =>
        Core.Errors.option<Form>(
            subject,
            $"'{text}'",
            $"one of {string.Join(", ", forms)}",
            Core.Suggest.fix(forms.Select(form => form.Name), text.Split(':')[0])
        );
}

/// <summary>A form of a choice: its name and the numbers it takes.</summary>
internal sealed record Form(string Name, params IReadOnlyList<FormNumber> Numbers)
{
    public override string ToString() =>
        string.Concat([Name, .. Numbers.Select(number => number.Usual is null ? $":{number.Name}" : $"[:{number.Name}]")]);
}

/// <summary>A number of a form: what it is called, where it lies, and what it is when left out.</summary>
internal sealed record FormNumber(string Name, NumberRange Range, double? Usual = null);
