using System.Text;
using System.Xml;

namespace Functional;

/// <summary>Text inside of XML and HTML.</summary>
internal static class Markup
{
    /// <summary>The text with what XML reads as its own written otherwise, and what it can not hold replaced by U+FFFD.</summary>
    public static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            escaped.Append(
                rune.Value switch
                {
                    '&' => "&amp;",
                    '<' => "&lt;",
                    '>' => "&gt;",
                    '"' => "&quot;",
                    '\'' => "&#39;",
                    < 0x10000 and int code when !XmlConvert.IsXmlChar((char)code) => "\uFFFD",
                    _ => rune.ToString(),
                }
            );
        }

        return escaped.ToString();
    }
}
