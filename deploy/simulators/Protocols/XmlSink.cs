using System.Xml;

namespace Cdr.RegimeSimulator.Protocols;

internal sealed class XmlSink(XmlWriter writer, Vocabulary vocabulary) : IAnswerSink
{
    public void Text(Member member, string value) => writer.WriteElementString(vocabulary[member], SoapProtocol.Namespace, value);

    public void Number(Member member, int value) => Text(member, AskedFields.Text(value));

    public void Flag(Member member, bool value) => Text(member, value ? "true" : "false");

    // Only JSON can say it.
    public void Null(Member member)
    {
    }

    public void Begin(Member member) => writer.WriteStartElement(vocabulary[member], SoapProtocol.Namespace);

    public void End() => writer.WriteEndElement();

    // A list is its element, repeated.
    public void BeginList(Member member)
    {
    }

    public void BeginItem(Member list) => Begin(list);

    public void EndList()
    {
    }
}
