using Cdr.EdgeAgent.Pkcs11;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Cdr.EdgeAgent.Tests.Pkcs11;

/// <summary>A real library (SoftHSM2) whose slots the test words: readers that are not here, cards that leave, cards that the library does not know.</summary>
internal sealed class WordedTokens
{
    /// <summary>Of every slot; null: the library's own.</summary>
    public string? Description { get; set; }

    /// <summary>The slot is listed no more.</summary>
    public bool IsOut { get; set; }

    /// <summary>It is listed, and this is all that it says.</summary>
    public CKR? Trouble { get; set; }

    /// <summary>How often its slots were asked for.</summary>
    public int Looks { get; private set; }

    /// <summary>Not between its end and its new beginning.</summary>
    public bool IsLoaded { get; private set; }

    public Pkcs11Tokens Load() => new(Open(), Open);

    private Library Open()
    {
        IsLoaded = true;
        return new Library(Pkcs11Tokens.Open(SoftToken.Library)!, this);
    }

    private void Spoken()
    {
        if (Trouble is { } code)
            throw new Pkcs11Exception("worded", code);
    }

    private sealed class Library(IPkcs11Library real, WordedTokens words) : IPkcs11Library
    {
        public Pkcs11InteropFactories Factories => real.Factories;

        public ILibraryInfo GetInfo() => real.GetInfo();

        public List<ISlot> GetSlotList(SlotsType slotsType)
        {
            words.Looks++;
            return words.IsOut ? [] : [.. real.GetSlotList(slotsType).Select(slot => new WordedSlot(slot, words))];
        }

        public void WaitForSlotEvent(WaitType waitType, out bool eventOccured, out ulong slotId) => real.WaitForSlotEvent(waitType, out eventOccured, out slotId);

        public void Dispose()
        {
            words.IsLoaded = false;
            real.Dispose();
        }
    }

    private sealed class WordedSlot(ISlot real, WordedTokens words) : ISlot
    {
        public Pkcs11InteropFactories Factories => real.Factories;

        public ulong SlotId => real.SlotId;

        public ISlotInfo GetSlotInfo() => words.Description is { } description ? new WordedInfo(real.GetSlotInfo(), description) : real.GetSlotInfo();

        public ITokenInfo GetTokenInfo()
        {
            words.Spoken();
            return real.GetTokenInfo();
        }

        public List<CKM> GetMechanismList() => real.GetMechanismList();

        public IMechanismInfo GetMechanismInfo(CKM mechanism) => real.GetMechanismInfo(mechanism);

        public void InitToken(string soPin, string label) => real.InitToken(soPin, label);

        public void InitToken(byte[] soPin, byte[] label) => real.InitToken(soPin, label);

        public ISession OpenSession(SessionType sessionType)
        {
            words.Spoken();
            return real.OpenSession(sessionType);
        }

        public void CloseSession(ISession session) => real.CloseSession(session);

        public void CloseAllSessions() => real.CloseAllSessions();
    }

    private sealed class WordedInfo(ISlotInfo real, string description) : ISlotInfo
    {
        public ulong SlotId => real.SlotId;

        public string SlotDescription => description;

        public string ManufacturerId => real.ManufacturerId;

        public string HardwareVersion => real.HardwareVersion;

        public string FirmwareVersion => real.FirmwareVersion;

        public ISlotFlags SlotFlags => real.SlotFlags;
    }
}
