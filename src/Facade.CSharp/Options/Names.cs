using System.Text;

namespace Functional;

/// <summary>Names as they are written outside of programs.</summary>
internal static class Names
{
    /// <summary>LatentSize as latent-size.</summary>
    public static string Kebab(string name)
    {
        StringBuilder kebab = new();
        foreach (char letter in name)
        {
            if (char.IsUpper(letter) && kebab.Length > 0)
                kebab.Append('-');
            kebab.Append(char.ToLowerInvariant(letter));
        }

        return kebab.ToString();
    }
}
