"""Two ONIX messages of a publisher: one with long tags, a later one with short tags."""

from pathlib import Path

SECRETS: tuple[str, ...] = ()
LONG = """<?xml version="1.0" encoding="UTF-8"?>
<ONIXMessage release="3.0" xmlns="http://ns.editeur.org/onix/3.0/reference">
<Header><Sender><SenderName>House Press</SenderName></Sender>
<SentDateTime>20250301T0900Z</SentDateTime>
<DefaultLanguageOfText>eng</DefaultLanguageOfText></Header>
{products}
</ONIXMessage>"""
SHORT = """<?xml version="1.0" encoding="UTF-8"?>
<ONIXmessage release="3.0" xmlns="http://ns.editeur.org/onix/3.0/short">
<header><sender><x298>House Press</x298></sender><x307>20250402T0900Z</x307></header>
{products}
</ONIXmessage>"""


def product(
    reference: str, title: str, about: str, *, notice: str = "03", detail: str = "", more: str = ""
) -> str:
    isbn = f"97800000{sum(map(ord, reference)):05d}"
    return f"""<Product><RecordReference>{reference}</RecordReference>
<NotificationType>{notice}</NotificationType>
<ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>{isbn}</IDValue></ProductIdentifier>
<DescriptiveDetail><ProductForm>EA</ProductForm>
<TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>
<TitleText>{title}</TitleText></TitleElement></TitleDetail>{detail}</DescriptiveDetail>
<CollateralDetail><TextContent><TextType>03</TextType><ContentAudience>00</ContentAudience>
<Text textformat="05"><p>{about}</p></Text></TextContent></CollateralDetail>
<PublishingDetail><Publisher><PublishingRole>01</PublishingRole>
<PublisherName>House Press</PublisherName></Publisher><PublishingStatus>04</PublishingStatus>
<PublishingDate><PublishingDateRole>01</PublishingDateRole><Date>20240115</Date></PublishingDate>
</PublishingDetail>{more}</Product>"""


FORKLIFT = product(
    "hp.1",
    "Driving a forklift",
    "Loads, ramps, and seeing <em>behind</em> you.",
    detail="""<Contributor><SequenceNumber>1</SequenceNumber><ContributorRole>A01</ContributorRole>
<PersonName>Nadia Haddad</PersonName></Contributor>
<Contributor><SequenceNumber>2</SequenceNumber><ContributorRole>A12</ContributorRole>
<NamesBeforeKey>Piet</NamesBeforeKey><KeyNames>Vos</KeyNames></Contributor>
<Subject><SubjectSchemeIdentifier>10</SubjectSchemeIdentifier>
<SubjectCode>TEC009060</SubjectCode></Subject>
<Subject><SubjectSchemeIdentifier>93</SubjectSchemeIdentifier>
<SubjectCode>TGP</SubjectCode></Subject>
<Subject><SubjectSchemeIdentifier>20</SubjectSchemeIdentifier>
<SubjectHeadingText>forklift; warehouse safety</SubjectHeadingText></Subject>
<Audience><AudienceCodeType>01</AudienceCodeType>
<AudienceCodeValue>06</AudienceCodeValue></Audience>""",
    more="""<ProductSupply><SupplyDetail><ProductAvailability>20</ProductAvailability>
<Price><PriceType>02</PriceType><PriceAmount>19.90</PriceAmount>
<CurrencyCode>EUR</CurrencyCode></Price></SupplyDetail></ProductSupply>""",
)
SOLDERING = product("hp.2", "Soldering by hand", "Iron, flux and a joint that shines.")
FIRE = product("hp.3", "What burns and why", "Oxygen, heat, fuel; which extinguisher to take.")
FEEDBACK = product("hp.4", "Giving feedback", "Say what you saw, not what someone is.")
CANCELLED = product("hp.9", "Fax etiquette", "Never published.", notice="05")
ACOUSTICS = """<product><a001>hp.5</a001><a002>03</a002>
<productidentifier><b221>15</b221><b244>9780000000055</b244></productidentifier>
<descriptivedetail><b012>AJ</b012><titledetail><b202>01</b202><titleelement><x409>01</x409>
<b030>The</b030><b031>sound of a healthy bearing</b031><b029>Diagnosis by ear</b029></titleelement>
</titledetail><contributor><b034>1</b034><b035>A01</b035><b037>Sørensen, Liv</b037></contributor>
<language><b253>01</b253><b252>dan</b252></language>
<extent><b218>09</b218><b219>0013000</b219><b220>16</b220></extent></descriptivedetail>
<collateraldetail><textcontent><x426>02</x426><d104>What wear sounds like.</d104></textcontent>
</collateraldetail><contentdetail><contentitem><b284>1</b284><textitem><b290>03</b290>
<pagerun><b286>7</b286></pagerun></textitem><titledetail><b202>01</b202><titleelement>
<b203>Listening for wear</b203></titleelement></titledetail></contentitem></contentdetail>
<publishingdetail><imprint><b079>House Audio</b079></imprint><b394>04</b394>
<publishingdate><x448>01</x448><b306>202409</b306></publishingdate></publishingdetail></product>"""
# The later message corrects the title of hp.2.
CORRECTED = SOLDERING.replace("Soldering by hand", "Soldering by hand, safely")


def messages(world: str = "whole") -> dict[str, str]:
    first = [FORKLIFT, SOLDERING, FIRE, FEEDBACK]
    if world == "shrunk":
        first.remove(FIRE)
    if world == "dented":
        first[2] = FIRE.replace("What burns and why", "")
    later = [] if world == "dented" else [CANCELLED]
    return {
        "2025-03.xml": LONG.format(products="\n".join([*first, *later])),
        "2025-04.onx": SHORT.format(products=ACOUSTICS),
        "2025-05.xml": LONG.format(products=CORRECTED).replace("20250301", "20250501"),
    }


def files(folder: Path, world: str = "whole") -> dict[str, object]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in messages(world).items():
        (folder / name).write_text(text, encoding="utf-8")
    return {"path": str(folder), "whole": True, "link": "https://shop.example/isbn/{isbn}"}
