using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Cdr.Rights.Regimes.Protocols;

/// <summary>SOAP 1.1: <c>docs/regime-protocols.md</c>, <c>soap</c>.</summary>
internal sealed class SoapRegime(
    RegimeRow regime, RegimeRegistry registry, IHttpClientFactory clients, ILogger<SoapRegime> logger)
    : RegimeConnector(regime, logger)
{
    private readonly AnswerReading reading = new(regime, registry);
    private readonly WireNames names = new(regime.Dialect.Names!.Value);
    private readonly WireDates dates = new(regime.Dialect.Dates!.Value);

    // A byte that is not of the encoding is a fault of the answer: replaced in silence it would change a name.
    private readonly Encoding encoding = regime.Dialect.Encoding == WireEncoding.Latin9
        ? CodePagesEncodingProvider.Instance.GetEncoding("iso-8859-15", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!
        : new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    protected override async Task<HttpResponseMessage> SendAsync(RegimeQuestion question, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(RegimeHttpClients.NameOf(Regime.Id));
        using var request = RegimeHeaders.Post("soap", question, Content(question));
        request.Headers.Add("SOAPAction", "\"urn:cdr:regime:1#ConsulterDroits\"");
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    protected override bool Accepts(MediaTypeHeaderValue contentType) => Is(contentType, encoding.WebName, "text/xml");

    protected override RegimeAnswer Read(HttpStatusCode status, byte[] body)
    {
        var content = XmlTree.BodyContent(body, encoding);
        if (content.Name == XmlTree.Soap + "Fault")
            return ReadFault(status, content);
        if (content.Name != XmlTree.Regime + "ConsulterDroitsReponse")
            throw new UnreadableAnswerException("ConsulterDroitsReponse");
        return reading.Read(
            XmlTree.Members(content, names),
            status,
            unknownIsSaidLikeThis: Regime.Dialect.Unknown == UnknownStyle.Status && status == HttpStatusCode.OK);
    }

    private RegimeAnswer ReadFault(HttpStatusCode status, XElement fault)
    {
        if (fault.Elements("detail").ToList() is not [{ HasElements: true } detail])
            return new RegimeAnswer.Unavailable(UnavailableReason.Failing);
        if (fault.Elements().Any(static one => one.Name.LocalName is not ("faultcode" or "faultstring" or "faultactor" or "detail")))
            throw new UnreadableAnswerException("soap:Fault");

        var ofTheQuestion = fault.Element("faultcode")?.Value.Split(':') is [.., "Client"];
        return reading.Read(
            XmlTree.Members(detail, names),
            // A fault is never an answer, whatever status it travels with.
            status == HttpStatusCode.OK ? HttpStatusCode.InternalServerError : status,
            unknownIsSaidLikeThis: Regime.Dialect.Unknown == UnknownStyle.Fault
                && status == HttpStatusCode.InternalServerError && ofTheQuestion);
    }

    private ByteArrayContent Content(RegimeQuestion question)
    {
        var body = new XElement(
            XmlTree.Regime + "ConsulterDroits",
            QuestionMembers.Of(question, dates).Select(one => new XElement(XmlTree.Regime + names.Wire(one.Name), one.Value)));
        var envelope = new XElement(
            XmlTree.Soap + "Envelope",
            new XAttribute(XNamespace.Xmlns + "soap", XmlTree.Soap),
            new XElement(XmlTree.Soap + "Body", body));

        using var buffer = new MemoryStream();
        // The writer says in character references what the encoding does not have.
        using (var xml = XmlWriter.Create(buffer, new XmlWriterSettings { Encoding = encoding }))
            envelope.Save(xml);
        return new ByteArrayContent(buffer.ToArray()) { Headers = { ContentType = new("text/xml", encoding.WebName) } };
    }
}
