using System.Text;
using System.Text.Unicode;
using System.Xml;
using System.Xml.Linq;

namespace Cdr.Rights.Regimes.Protocols;

/// <summary>A SOAP 1.1 envelope, read without DTD, entities or network, and its content under canonical names.</summary>
internal static class XmlTree
{
    public static readonly XNamespace Soap = "http://schemas.xmlsoap.org/soap/envelope/";

    public static readonly XNamespace Regime = "urn:cdr:regime:1";

    private const int Deepest = 6;

    private static readonly XmlReaderSettings Strict = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = RegimeConnector.LongestAnswer,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
    };

    /// <returns>The one element of the envelope's body.</returns>
    /// <exception cref="DecoderFallbackException">Not in this encoding.</exception>
    /// <exception cref="XmlException">Not one XML document, or with a DTD.</exception>
    /// <exception cref="UnreadableAnswerException">Not such an envelope.</exception>
    public static XElement BodyContent(byte[] body, Encoding encoding)
    {
        // Any byte is a letter of ISO 8859-15. What reads as UTF-8 beyond ASCII is UTF-8: it would show Ã© for é.
        if (encoding is not UTF8Encoding && !Ascii.IsValid(body) && Utf8.IsValid(body))
            throw new UnreadableAnswerException("encoding");
        var text = encoding.GetString(body);
        using var reader = XmlReader.Create(new StringReader(text.Length > 0 && text[0] == '\uFEFF' ? text[1..] : text), Strict);
        var document = XDocument.Load(reader);
        if (document.Declaration?.Encoding is { Length: > 0 } declared && !declared.Equals(encoding.WebName, StringComparison.OrdinalIgnoreCase))
            throw new UnreadableAnswerException("encoding");
        var envelope = document.Root!;
        if (envelope.Name != Soap + "Envelope" || envelope.Elements(Soap + "Body").ToList() is not [var only])
            throw new UnreadableAnswerException("soap:Body");
        return only.Elements().ToList() is [var content] ? content : throw new UnreadableAnswerException("soap:Body");
    }

    public static WireNode Members(XElement element, WireNames names) => Members(element, names, 1);

    private static WireNode Members(XElement element, WireNames names, int depth)
    {
        if (depth > Deepest || element.Nodes().Any(one => one is XText))
            throw new UnreadableAnswerException("corps");

        var node = WireNode.OfMembers(emptyListsAreWritten: false);
        foreach (var child in element.Elements())
        {
            if (child.Name.Namespace != Regime)
                throw new UnreadableAnswerException("xmlns");
            node.Add(
                names.Canonical(child.Name.LocalName),
                child.HasElements ? Members(child, names, depth + 1) : WireNode.Of(child.Value));
        }

        return node;
    }
}
