using System.Text.Json.Nodes;

namespace Functional;

/// <summary>A callback that text can name: it says everything about itself by its options, and a resumed run makes it anew.</summary>
internal abstract class KnownCallback : Callback
{
    /// <summary>The name on the command line and in files: early-stopping.</summary>
    public abstract string Key { get; }

    internal override string Name => Key;

    internal override string Identity => Key;

    internal override bool IsOurs => true;

    /// <summary>Refuses options out of range.</summary>
    public virtual void Validate()
    {
        foreach (OptionProperty option in OptionProperty.Of(GetType()))
            option.Check(this);
    }

    /// <summary>What <see cref="CallbackForm.Read"/> reads.</summary>
    public JsonObject Json()
    {
        JsonObject json = new() { [CallbackForm.NameKey] = Key };
        foreach (OptionProperty option in OptionProperty.Of(GetType()))
            json[option.Key] = option.Json(this);
        return json;
    }
}
