"""Turkish."""

PHRASES: dict[str, str] = {
    # The patrol
    "patrol": """
        devriye, devriyesi, devriyenin, devriyede, devriyeye, devriyeyi, devriyesinin, devriyesinde,
        devriyesini, devriyesine, devriyeden, devriyesinden, devriyesiyle, devriyeyle
    """,
    "patrols": """
        devriyeler, devriyeleri, devriyelere, devriyelerde, devriyelerden, devriyelerine,
        devriyelerini, devriyelerinde, devriyelerinin, devriyelerin
    """,
    "convoy": """
        konvoy*, kol, kafile*, tur, sefer, görev, uçuş*, birlikler, askerler, unsurlar, kortej,
        ekip*
    """,
    "outing": "konvoy*, tur, görev, uçuş*, faaliyet*",
    "joint": "ortak, müşterek, birleşik, birlikte, koordineli, ortaklaşa, beraber",
    "source": """
        bakanlığı*, bakanlık*, msb, msb'den, genelkurmay*, sözcü*, kaynaklar*, yetkili*, ajans*,
        merkezi, açıklama*, bakanı*, bakan, cumhurbaşkanı*, devlet başkanı, basın*, elçili*, uzlaşma
        merkezi, koordinasyon merkezi
    """,
    "ministry": "bakanlık*, bakanlığ*, msb, msb'den, uzlaşma merkezi",
    "own": "tarafımızdan, personelimiz*, birliklerimiz*, askerlerimiz*, unsurlarımız*, araçlarımız*",
    "military_police": "askeri polis*, askerî polis*",
    # What became of it
    "completed": """
        tamamlan*, icra edil*, icra etti*, gerçekleştir*, gerçekleşti*, yapıldı*, yapılmıştır,
        yapıldığını, yapılan, sona er*, düzenlen*, bitti, bitirdi*, katedildi, katetti, yol alındı,
        geri döndü*, döndüler, devriye attı*, tamamladı*, devam etti, geçildi, nihayete er*, yaptı,
        yaptılar, gerçekleştirdi*, dolaştı, üslerine dön*, sonlandı*, ulaştı, vardı, icra
        edildiğini, son buldu, atıldı
    """,
    "returned": """
        tamamlan*, sona er*, bitti, bitirdi*, geri döndü*, döndüler, tamamladı*, üslerine dön*,
        sonlandı*, son buldu, geri dönül*, dönerek, döndü, dönmesiyle, dönüş yaptı
    """,
    "started": """
        başladı*, başlamış*, başlatıldı, başlatmış*, yola çıktı*, hareket etti*, başlanmış*, devam
        ediyor, sürüyor, yapılıyor, ilerliyor, icra ediliyor, gerçekleştiriliyor, sürmekte*, devam
        etmekte*, başlandı, yola koyuldu, başladığını, başlamasının ardından, eşlik ediyor, yer
        alıyor, başlayan, başlanıldı, icra edilmekte*, düzenleniyor, hareket halinde, yola çıkan,
        başlamasından, başlamasıyla, başladıktan
    """,
    "not_started": "göreve başla*, çalışmaya başla*",
    "suspended": """
        yarıda kesil*, yarıda kal*, durdurul*, yarım kal*, kesildi, geri dönmek zorunda*,
        sonlandırılmak zorunda, ara verilmek zorunda, erken sonlandır*, iptal edilerek geri,
        tamamlanamadı*, tamamlanamadan, yarıda bırak*, geri çekil*, vazgeçil*, kısa kesil*, kısa
        tutul*, geri dönül*, erken bit*, ilerleyemedi*
    """,
    "cancelled": """
        iptal edil*, iptal etti*, iptal, ertelen*, ertelendi*, yapılamadı*, yapılmadı*,
        gerçekleştirilemedi*, gerçekleşmedi*, gelmedi*, katılmadı*, gelmemesi*, gelmeyince,
        katılmaması*, icra edilemedi*, katılmayınca, çıkmadı*, iştirak etmedi*, gerçekleşmeyen,
        iptali, boşuna bekle*, beklemesine rağmen
    """,
    "seen": "görüntüle*, gözlemle*, tespit et*, görüldü",
    "announced": """
        yapılacak*, başlayacak*, icra edilecek*, gerçekleştirilecek*, düzenlenecek*, planlanıyor*,
        planlanmakta*, yapılması planlan*, başlaması bekleniyor, başlanacak*, yapılması bekleniyor,
        gerçekleştirecek*, başlatılacak*, yapacak*, çıkacak*, edilmesi planlan*, düzenleyecek*
    """,
    # Its number
    "scoped": """
        bu hafta, bu ay, bu yıl, haftanın, ayın, yılın, son bir hafta*, yıl içinde*, bu hafta
        içinde, hafta içindeki
    """,
    "small_area": "kantonu*, ilçesi*, kırsalı*, köyü*",
    "of_kind": "türünün, yoldaki, toplamda, bugüne kadar*, bölgedeki",
    "not_patrol": """
        kez, kere, defa, gün, hafta, ay, yıl, ülke, araç, saldırı, aşama, ordu, kolordu, parti, tur,
        etap, dünya, günü, yılı, kişi*
    """,
    # Other patrols, background, other subjects
    "back": """
        önceki, bir önceki, daha önce*, geçen hafta*, geçtiğimiz hafta*, geçen ay*, önce, öncesinde,
        o güne kadar, o devriye*, evvelki, geçmişte, o dönem*, o tarihte, ilk devriye geçen, son
        devriye, geçtiğimiz ay*, geçen yıl*, hatırlan*, bilindiği üzere, bundan önce*, şimdiye
        kadar*, bugüne kadar*, geride kalan, başlangıçta, benzer bir saldırı*, ilk iki, öncesi, o
        zaman*, ondan
    """,
    "tense_back": "",
    "same_day": "en uzun, daha önceki en uzun, bugün erken, bugün daha önce, bu sabah erken",
    "now": "artık, şimdi ise",
    "elsewhere": """
        öte yandan, diğer yandan, bu arada, başka bir gelişme*, ayrıca idlib'de, diğer gelişmeler,
        ege'de, doğu akdeniz'de, karadeniz'de ise, bunun yanı sıra, bir diğer gelişme*, insani
        yardım kapsamında, diğer haberler
    """,
    "deal": """
        mutabakat*, anlaşma*, muhtıra*, ateşkes*, yol haritası*, müzakere*, görüşme*, zirve*,
        öngör*, kararlaştır*, dayan*, protokol*, harekâtı'nda denetim, mekanizma*
    """,
    "habit": """
        genellikle, genelde, çoğu zaman, her hafta, haftada iki, haftada bir, zaman zaman, sık sık,
        rutin olarak, düzenli olarak, ara sıra, her zamanki, her seferinde, geçtikçe, kimi zaman
    """,
    "each_case": """
        her iki devriye*, her üç devriye*, her devriye*, iki devriye*, devriyelerin tümü*,
        devriyelerin her*, devriyelerin tamamı*, söz konusu devriyeler*, anılan devriyeler*, her
        ikisi*, her birin*, devriyelerin hepsi*, devriyelere dörder, devriyelere ise
    """,
    "many": """
        iki ortak devriye*, iki ortak kara devriyesi*, iki devriye*, üç ortak kara devriyesi*, üç
        ortak devriye*, peş peşe devriyeler, aşağıdaki devriyeler, aşağıda belirtilen, dört ortak
        kara devriyesi*, ortak kara devriyelerine ... devam, iki kez, devriyeler icra edilmiştir
    """,
    "one_of": """
        ilki, ilk, ikincisi, ikinci, üçüncüsü, üçüncü, birinci, birincisi, biri, diğeri, ilk devriye*, ikinci
        devriye*, diğer devriye*
    """,
    "another": "ikincisi, diğeri, diğer devriye, bir sonraki, ise, ertesi, sonuncusu, öteki",
    "solo": """
        tek başına, kendi başına, tek taraflı, yalnız, tek başlarına, müstakil, bağımsız devriye,
        kendi imkan*, yalnızca rus, sadece rus
    """,
    # Strength
    "vehicle": """
        araç*, aracı*, aracın*, araca*, arac*, zırhlı*, zırhlısı*, vasıta*, platform*
    """,
    "vehicle_type": """
        kirpi, vuran, ejder*, kobra, cobra, tigr, tiger, kaplan, tayfun, typhoon, tır, btr*, kamaz, ural,
        pikap*, kamyon*, cip, cipi, amazon, land rover, stryker, bradley, humvee
    """,
    "vehicle_two": "",
    "ship_type": """
        tu-95*, tu-142*, tu-160*, h-6*, b-52*, su-30*, su-35*, f-16*, muhrip*, korvet*, kruvazör*, tanker*,
        denizaltı*
    """,
    "ship": "gemi*, bot, botu*, uçak*, uçağı*, bombardıman uça*, firkateyn*, gemisi*, helikopter*",
    "personnel": """
        asker, askeri, askerin, askerinin, askerden, personel*, er, polis*, mehmetçik, görevli*,
        kişi*, subay*, askerle, kolluk*, mürettebat*
    """,
    "each_side": """
        her iki taraftan, taraflardan, her iki ülkeden, iki taraftan, karşılıklı, her biri, her iki
        tarafın, her bir taraftan, her ülkeden, her taraftan, iki ülkeden
    """,
    "in_all": "toplam*",
    "one_from_each": "birer",
    "both_sides": "toplam*, her iki, iki ülkenin, iki tarafın",
    "same_for": "aynı sayıda, o kadar, bir o kadar",
    "half": "yarısı*",
    "evenly": "yarı yarıya, eşit sayıda",
    "damaged": """
        hasar*, yaralan*, öldü, öldürül*, şehit, vurul*, tahrip, imha*, isabet*, yandı, yakıl*,
        hayatını kaybe*, arızalan*, yaralı*, hedef alındı
    """,
    "about": """
        yaklaşık, yaklaşık olarak, civarında, kadar, aşkın, takriben, neredeyse, dolayında, yakın,
        ortalama
    """,
    "over": "fazla, aşkın, aşan, üzerinde, en az, aştı, fazlası*, geçen",
    "under": "az, altında, en fazla, azami",
    # Distances and times
    "strip": "şerit*, şeridi*, koridor*, kuşak*",
    "km": "km, km'lik, kilometre*, kilometrelik",
    "km_two": "",
    "mile": "mil, millik",
    "nautical": "deniz mili*, deniz mil",
    "metre": "metre, metrelik, metreye, metresi",
    "hour": "saat, saati, saatlik, saatte, saatin, saatten",
    "hour_two": "",
    "half_hour": "buçuk saat*, yarım saat*",
    "minute": "dakika*",
    "length": """
        uzunluk*, uzunluğ*, güzergah*, güzergâh*, yol, mesafe*, katet*, kat et*, katedil*, kat
        edil*, uzun, hat, hattı, hatta, boyunca, alanı, devriye*, rota*, yol alındı, ilerle*,
        alındı, boyu, uzunluk, seyir, yol alan, parkur*
    """,
    "depth": "derinlik*, derinliğ*, içerisine kadar, içine kadar, derinde, içeriye",
    "width": """
        genişlik*, genişliğ*, güvenlik koridoru, altışar, kuzeyi ile, kuzeyinde ve güneyinde,
        koridor*
    """,
    "away": """
        doğusu*, batısı*, kuzeyi*, güneyi*, doğusunda*, uzaklıkta*, uzaklıktaki, mesafedeki,
        mesafede, mesafesinde*, mesafesindeki, ötede*, öteden, uzağında*, açığında*, yakınında,
        kala, dışında, uzaklaş*, gerisine, çekil*, içeride, kuzeydoğusu*, güneydoğusu*,
        kuzeybatısı*, güneybatısı*, uzak*, doğuda*, batıda*, kuzeyde*, güneyde*, güneye, uzağ*,
        berisinde
    """,
    "lasted": """
        sür*, tamamlan*, boyunca, içinde, saatte, saatlik, devam et*, icra*, aldı, devriye*,
        civarında, ardından, sonunda, kaldı
    """,
    # In the air
    "uav": """
        iha, iha'lar, siha, siha'lar, insansız hava ara*, insansız, insansiz, drone*, orlan*,
        bayraktar*, ihalar*, sihalar*, ihaların, dron, dronlar*
    """,
    "helicopter": "helikopter*, mi-8*, mi-35*, mi-24*, ka-52*, skorsky*, atak helikopter*",
    "aircraft": """
        hava unsurları*, hava unsuru*, savaş uça*, keşif uça*, devriye uça*, uçaklar*, jet*, avcı
        uça*, kara ve hava unsur*, hava araçlar*, deniz karakol uça*, hava desteği*, karakol uçağı*,
        su-30*, su-35*, j-11*
    """,
    "not_air": """
        taşındı, sevk edil*, götürül*, tahliye*, önleme*, kaldırıl*, hava saldırı*, düşürül*,
        nakledil*, bombala*, siha saldır*, iha saldır*
    """,
    # Incidents
    "casualty": """
        yaralan*, yaralı*, öldü, ölen, öldürül*, şehit ol*, şehit düş*, hayatını kaybe*, can verdi,
        ezil*, ezerek, ezdi, ölümü*, yaşamını yitir*, can kaybı, yaralama*, sarsıntı geçir*, ölü
    """,
    "unhurt": """
        can kaybı olma*, can kaybı yok*, yaralanan olma*, yaralı yok*, can kaybının olmadığını,
        yaralanmadı, yaralanma olma*, herhangi bir yaralanma, ölen ya da yaralanan olma*, zarar
        görmedi, can kaybı yaşanma*, yaralanan yok*, zayiat*, can kaybı veya yaralanma, yara almadı,
        ölen veya yaralanan olma*, yaralanmaya yol açma*, yaralanan ... olmadı, personelimiz*, ölen
        olma*
    """,
    "ied": """
        patlayıcı*, el yapımı, eyp, mayın*, bomba yüklü, bombalı araç*, patlama*, infilak*, bomba,
        bombalı, yola döşenen, patlatıl*, tuzak*, patladı
    """,
    "not_ied": """
        mayın temizl*, mayınların temizlenme*, imha edil*, arama tarama, ses bombası*, gaz bombası*,
        mayın ve, temizlenmesine, temizlen*, terk
    """,
    "attack": """
        saldırı*, saldırıya uğra*, roket*, rpg*, ateş aç*, ateş altına, havan*, molotof*, hedef
        alın*, taciz ateşi*, tanksavar*, füze*, taciz, pusu*, kurşun*, saldırdı*, ateşe ver*,
        vuruldu, silahlı saldır*, silahlı kişi*, silahlı grup*
    """,
    "not_attack": """
        hava saldırısı*, saldırı tehdidi, top atışı*, gün sonra, hafta sonra, taşlı saldırı*,
        yumurtalı saldırı*
    """,
    "blocked": """
        yolu kapat*, yol kapat*, yollar* ... kapat*, yolları kapat*, taşlarla kapat*, yolu kes*, yol
        kesil*, engelle*, barikat*, geçişine izin verme*, oturma eylemi*, lastik yak*, önünü kes*,
        trafiğe kapat*, kazıl*, geçişine engel, geçit verme*, durdurdu*, toprak yığ*
    """,
    "stones": """
        taş, taşl*, taşla*, taşlı*, taşa, yumurta*, ayakkabı*, domates*, sebze*, şişe*, taş atıl*,
        taşlar*, taş ve, çürük
    """,
    "not_protest": "tepki göstermedi, tepki gösterilmedi, protesto olmadı, protesto edilmedi",
    "protest": """
        protesto*, gösteri*, gösterici*, eylem*, slogan*, tepki göster*, göz yaşartıcı, biber gaz*,
        oturma eylem*, kalabalık*, yuhala*, gaz bombası*, tepki*, yürüyüş*, toplanan
    """,
    "mishap": """
        arıza*, çamura, saplan*, devril*, kaza*, gelmedi*, katılmadı*, gelmemesi*, gelmeyince,
        provokasyon*, önleme uçuş*, darp*, kaza yap*, katılmaması*, katılmayınca, takip eden savaş
        uça*, bozul*, güvenlik gerekçe*, güvenlik endişe*, yabancı savaş uça*, çarpış*, yoldan çık*,
        provokatör*, iptal*
    """,
    "quiet": """
        olaysız, herhangi bir olay yaşanma*, sorunsuz, olay yaşanma*, olumsuzluk yaşanma*, herhangi
        bir olumsuz*, sorun yaşanma*, sükunet içinde, sakin geç*, olay meydana gelme*, aksaklık
        yaşanma*, hadisesiz, herhangi bir sorun*, herhangi bir ihlal*, herhangi bir olay*
    """,
    # Claims and events
    "carried_out": """
        icra edil*, gerçekleştiril*, yapıl*, yapıldı*, gerçekleştir*, tamamlan*, düzenlen*, icra
        etti*, ulaş*, yaptı*, oldu, sayısı, buldu, yükseldi
    """,
    "since": """
        beri, bu yana, itibaren, 'dan, tarihinden, tarihleri arasında, ile, arasında, başlayan,
        içinde, boyunca, ayında
    """,
    "so_far": "şimdiye kadar, bugüne kadar, toplam*, bugüne dek, şu ana kadar, şimdiye dek, sayısı",
    "suspend": """
        askıya al*, durdurul*, durdur*, ara veril*, ara ver*, askıda, kesintiye uğra*, dondur*,
        askıya*
    """,
    "resume": """
        yeniden başla*, tekrar başla*, yeniden icra*, kaldığı yerden, tekrar icra*, yeniden başlat*,
        kesintinin ardından, aradan sonra, aranın ardından
    """,
    "conditional": """
        şart*, bağlı*, olursa, edilebil*, başlayabil*, bekleniyor, tarih vermedi, başlaması için,
        başlayacağı, müzakere*, dek, belirsiz*, sürdürülmekte*, devam edilecek*, koşul*,
        başlamayaca*, başlayacak*
    """,
    "home": "türkiye topraklarına, üssüne, üslerine, merkezine, merkezlerine, kışlasına",
    # Places
    "way": "güzergâhı*, güzergahı*, güzergâhta, güzergahta",
    "village": """
        köyü*, köyünde*, köyünden, köyüne, kasabası*, kasabasın*, beldesi*, yerleşim*, mezrası*,
        köy, köyleri*, köyün, yerleşimi*, limanı*
    """,
    "villages": """
        köyleri*, köylerinden, köylerini, köylerine, yerleşimleri*, kasabaları*, köylerin*, yerleşim
        yerleri*, noktaları*
    """,
    "from": """
        'dan, 'den, 'tan, 'ten, çıkan, hareket eden, başlayan, buluş*, toplan*, bir araya gel*, yola
        çık*, ayrılan, hareket ederek, başlayarak
    """,
    "to": "yönünde, istikametinde, doğru, kadar, ulaş*, var*, istikametine, dön*, yönüne",
    "via": """
        üzerinden, geçerek, geçen, geçti*, uğra*, boyunca, dolaş*, geçilerek, güzergah*, güzergâh*,
        hattı*, hattında, kesiminde, arasındaki, arasında, rotasın*
    """,
    "reached": "ulaş*, vardı, vararak, kadar gid*, kadar ilerle*, kadar, varan, varıl*",
    "near": """
        yakın*, civarın*, girişin*, çevresin*, kırsal*, mevkii*, bölgesin*, önlerinde, kavşağı*,
        köprüsü*, yanında
    """,
    "between": """
        arasında*, arasındaki, arası, kesimi*, hattı*, güzergahı*, güzergâhı*, kesiminde, hattında*,
        güzergâhında*, güzergahında*, güzergahının*, güzergâhının*, güzergâhını*, güzergahını*, ile
    """,
    "area": """
        bölgesi*, bölgesinde*, kesimi*, kırsalı*, çevresi*, civarı*, yakın*, mevkii*, kırsal*,
        ilçesi*, sektörü*, alanı*, kanton*, hattı*, hattında
    """,
    "direction": """
        doğusu*, batısı*, kuzeyi*, güneyi*, kuzeydoğusu*, güneydoğusu*, kuzeybatısı*, güneybatısı*,
        uzaklıkta*, uzaklığında*, karşısında*, karşısındaki, açıkların*, dışında, mesafesinde*,
        üssü*, üssün*, ilçesinin, sınırından, bağlı*
    """,
    "province": "ili*, vilayeti*, karayolu*, kara yolu*, otoyol*, iline, eyaleti*, ilinin, muhafaza*, m4",
    # Dates
    "today": "bugün, bugünkü, bu sabah, bu akşam, bu öğlen",
    "yesterday": "dün, dünkü",
    "tomorrow": "yarın, yarınki",
    "last": "geçen, geçtiğimiz, geçtiğimiz hafta, geçen hafta",
    "next": "gelecek, önümüzdeki, haftaya",
    "said": "açıkla*, duyur*, bildir*, belirt*, açıklama*, söyle*, açıklamaya göre",
    "this_month": "bu ayın, ayın, içinde bulunduğumuz ayın",
    "month_before": "",
    "early": "başı*, başından, başında, ilk günler*",
    "mid": "ortası*, ortasından",
    "late": "sonu*, sonunda, sonundan, son",
}

SIDES: dict[str, str] = {
    "RU": "rus, rusya, ruslar*, rusya'nın, rf, moskova, rus-türk",
    "TR": "türk, türkiye, türkler*, tsk, mehmetçik*, ankara, tuğ, tr",
    "US": "abd, amerikan, amerika, amerikalı*, washington",
    "CN": "çin, çinli*, pekin",
    "LA": "laos",
    "MM": "myanmar",
    "TH": "tayland*",
    "VN": "vietnam*",
    "PH": "filipin*",
    "AU": "avustralya*",
    "JP": "japonya*, japon",
    "IN": "hindistan*, hint",
    "ID": "endonezya*",
    "MY": "malezya*",
    "SG": "singapur*",
    "BD": "bangladeş*",
    "GB": "ingiltere*, ingiliz, britanya*",
    "FR": "fransa*, fransız",
    "CA": "kanada*",
    "KR": "güney kore*",
    "IR": "iran, iran'ın, iranlı",
    "AZ": "azerbaycan*",
    "GE": "gürcistan*",
    "RO": "romanya*, rumen",
    "BG": "bulgaristan*, bulgar",
    "UA": "ukrayna*",
    "PK": "pakistan*",
    "GR": "yunanistan*, yunan",
    "RS": "sırbistan*, sırp",
    "LB": "lübnan*",
}

CARDINALS: dict[float, str] = {
    0.5: "yarım",
    1: "bir, biri",
    2: "iki, ikisi",
    3: "üç, üçü",
    4: "dört, dördü",
    5: "beş, beşi",
    6: "altı, altısı",
    7: "yedi, yedisi",
    8: "sekiz, sekizi",
    9: "dokuz, dokuzu",
    10: "on, onu",
    20: "yirmi, yirmisi",
    30: "otuz",
    40: "kırk",
    50: "elli",
    60: "altmış",
    70: "yetmiş",
    80: "seksen",
    90: "doksan",
    100: "yüz",
    1000: "bin",
}

ORDINALS: dict[int, str] = {
    1: "birinci*, ilk, ilki*",
    2: "ikinci*",
    3: "üçüncü*",
    4: "dördüncü*",
    5: "beşinci*",
    6: "altıncı*",
    7: "yedinci*",
    8: "sekizinci*",
    9: "dokuzuncu*",
    10: "onuncu*",
    20: "yirminci*",
    30: "otuzuncu*",
    40: "kırkıncı*",
    50: "ellinci*",
    60: "altmışıncı*",
    70: "yetmişinci*",
    80: "sekseninci*",
    90: "doksanıncı*",
    100: "yüzüncü*",
}

EACH: dict[int, str] = {
    1: "birer",
    2: "ikişer",
    3: "üçer",
    4: "dörder",
    5: "beşer",
    6: "altışar",
    7: "yedişer",
    8: "sekizer",
    9: "dokuzar",
    10: "onar",
}

MONTHS: dict[int, str] = {
    1: "ocak, ocağın, ocakta, ocaktan",
    2: "şubat, şubatta, şubatın, şubattan",
    3: "mart, martta, martın, marttan",
    4: "nisan, nisanda, nisanın, nisandan",
    5: "mayıs, mayısta, mayısın, mayıstan",
    6: "haziran, haziranda, haziranın, hazirandan",
    7: "temmuz, temmuzda, temmuzun, temmuzdan",
    8: "ağustos, ağustosta, ağustosun, ağustostan",
    9: "eylül, eylülde, eylülün, eylülden",
    10: "ekim, ekimde, ekimin, ekimden",
    11: "kasım, kasımda, kasımın, kasımdan",
    12: "aralık, aralıkta, aralığın, aralıktan",
}

WEEKDAYS: dict[int, str] = {
    0: "pazartesi",
    1: "salı",
    2: "çarşamba",
    3: "perşembe",
    4: "cuma",
    5: "cumartesi",
    6: "pazar",
}

NOT_PLACES = """
    bu, o, şu, bir, iki, üç, dört, beş, altı, yedi, sekiz, dokuz, on, ve, ile, de, da, ise, türk, rus,
    abd, amerikan, türkiye, rusya, federasyonu, suriye, suriye'nin, fırat, fırat'ın, barış, pınarı,
    harekatı, harekâtı, fırat kalkanı, kalkanı, milli, millî, savunma, bakanlığı, bakanlık, msb,
    silahlı, kuvvetleri, genelkurmay, ortak, kara, devriye, devriyesi, iha, siha, m4, ypg, pkk, soçi,
    moskova, ankara, cumhurbaşkanı, başkanı, devlet, erdoğan, putin, konvoy, konvoyda, askerî, askeri,
    polis, sabah, söz, konusu, güvenli, bölge, bölgesi, sınır, sınırı, kuzey, güney, doğu, batı,
    kuzeydoğu, ayrıca, toplam, yaklaşık, böylece, planlamaya, göre, köyü, köyünde, devriyeye, devriyede,
    devriyeler, personelimizin, kobanili, ilk, ikinci, rusya'nın, türkiye'nin, orlan, mutabakat,
    mutabakatı, saat, yerel, kaynaklar, açıklamada, açıklamaya, bakan, birleşik, bu kapsamda,
    kapsamında, anadolu, ajansı
"""
"""Words that begin no place name, however they stand."""
