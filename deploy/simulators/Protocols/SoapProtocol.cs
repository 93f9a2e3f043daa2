using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Cdr.RegimeSimulator.Protocols;

/// <summary>SOAP 1.1: docs/regime-protocols.md, "soap".</summary>
internal sealed class SoapProtocol(Vocabulary vocabulary, string encodingName) : IWireProtocol
{
    public const string Namespace = "urn:cdr:regime:1";

    private const string Envelope = "http://schemas.xmlsoap.org/soap/envelope/";
    private const string Action = "urn:cdr:regime:1#ConsulterDroits";

    private static readonly XmlReaderSettings Safely = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    private readonly Encoding encoding = EncodingOf(encodingName);

    public string Path => "soap";

    public Rendered Truncated => Fixed($"""<?xml version="1.0" encoding="{encodingName}"?><soap:Envelope xmlns:soap="{Envelope}"><soap:Body><ConsulterDroitsReponse xmlns="{Namespace}"><{vocabulary[Member.Statut]}>{vocabulary.Status(new Reply.Unknown())}</{vocabulary[Member.Statut]}></Consulter""");

    public Rendered WrongSchema => Fixed($"""<?xml version="1.0" encoding="{encodingName}"?><soap:Envelope xmlns:soap="{Envelope}"><soap:Body><Resultat xmlns="urn:autre"><Code>0</Code></Resultat></soap:Body></soap:Envelope>""");

    private string ContentType => $"text/xml; charset={encodingName}";

    public Reading Read(HttpRequest request, byte[] body)
    {
        if (!ContentTypes.Is(request, "text/xml", encodingName, required: true))
            return Reading.Refused("TYPE_CONTENU", $"Le corps attendu est text/xml en {encodingName}.");
        if (request.Headers["SOAPAction"].ToString().Trim('"') != Action)
            return Reading.Refused("ENTETE", "SOAPAction n'est pas celle de ConsulterDroits.");
        try
        {
            using var text = new StreamReader(new MemoryStream(body), encoding);
            using var reader = XmlReader.Create(text, Safely);
            return ReadDocument(XDocument.Load(reader));
        }
        catch (Exception exception) when (exception is XmlException or DecoderFallbackException)
        {
            return NotRead;
        }
    }

    public Rendered Write(Reply reply, Exchange exchange)
    {
        var isFault = reply is Reply.Closed or Reply.Refused || (reply is Reply.Unknown && vocabulary.Unknown == "fault");
        using var stream = new MemoryStream(1024);
        using (var writer = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = encoding }))
        {
            writer.WriteStartElement("soap", "Envelope", Envelope);
            writer.WriteStartElement("soap", "Body", Envelope);
            if (isFault)
                WriteFault(writer, reply);
            else
                WriteReply(writer, reply);
            writer.WriteEndElement();
            writer.WriteEndElement();
        }

        return new Rendered(StatusOf(reply, isFault), ContentType, stream.GetBuffer().AsMemory(0, (int)stream.Length));
    }

    private static Reading NotRead => Reading.Refused("REQUETE", "Le corps n'est pas l'enveloppe SOAP attendue.");

    private static int StatusOf(Reply reply, bool isFault) => reply switch
    {
        Reply.Closed => StatusCodes.Status503ServiceUnavailable,
        Reply.Refused => StatusCodes.Status400BadRequest,
        _ => isFault ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK,
    };

    private static Encoding EncodingOf(string name) => name switch
    {
        "utf-8" => new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true),
        // Not one of the encodings that .NET registers by itself.
        _ => CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name),
    };

    private Reading ReadDocument(XDocument document)
    {
        XNamespace envelope = Envelope;
        XNamespace own = Namespace;
        if (document.Declaration?.Encoding is { Length: > 0 } declared && !declared.Equals(encodingName, StringComparison.OrdinalIgnoreCase))
            return NotRead;
        if (document.Root?.Name != envelope + "Envelope"
            || document.Root.Element(envelope + "Body")?.Elements().ToArray() is not [var call]
            || call.Name != own + "ConsulterDroits")
            return NotRead;

        var fields = new AskedFields(vocabulary);
        foreach (var member in call.Elements())
            if (member.HasElements || member.Name.Namespace != own || !fields.TryAdd(member.Name.LocalName, member.Value.Trim()))
                return Reading.Refused("REQUETE", "Un élément de la demande est inconnu, répété ou hors de l'espace de noms.");
        return fields.Read();
    }

    private void WriteReply(XmlWriter writer, Reply reply)
    {
        writer.WriteStartElement("ConsulterDroitsReponse", Namespace);
        new AnswerBody(new XmlSink(writer, vocabulary), vocabulary).Write(reply);
        writer.WriteEndElement();
    }

    private void WriteFault(XmlWriter writer, Reply reply)
    {
        writer.WriteStartElement("soap", "Fault", Envelope);
        writer.WriteElementString("faultcode", reply is Reply.Closed ? "soap:Server" : "soap:Client");
        writer.WriteElementString("faultstring", reply switch
        {
            Reply.Closed => "Service fermé",
            Reply.Refused => "Demande refusée",
            _ => "Assuré inconnu de ce régime",
        });
        writer.WriteStartElement("detail");
        new AnswerBody(new XmlSink(writer, vocabulary), vocabulary).Write(reply);
        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    private Rendered Fixed(string text) => new(StatusCodes.Status200OK, ContentType, encoding.GetBytes(text));
}
