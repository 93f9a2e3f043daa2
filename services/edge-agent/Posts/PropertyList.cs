using System.Xml;
using System.Xml.Linq;

namespace Cdr.EdgeAgent.Posts;

/// <summary>A property list in its XML form, as <c>plutil -convert xml1</c> writes any.</summary>
internal static class PropertyList
{
    /// <summary>A string of its outermost dictionary; null where there is none.</summary>
    public static string? Text(string? xml, string key)
    {
        if (xml is null)
            return null;
        try
        {
            // The document type names an address: never fetched.
            using var reader = XmlReader.Create(new StringReader(xml), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
            var name = XDocument.Load(reader).Root?.Element("dict")?.Elements("key").FirstOrDefault(one => one.Value == key);
            return name?.ElementsAfterSelf().FirstOrDefault() is { Name.LocalName: "string" } value ? value.Value : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
