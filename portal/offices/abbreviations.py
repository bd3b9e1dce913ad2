"""What people write for the words in names of offices and regions: the abbreviations of the field, and other words for the same thing.

One line each: what is typed, then what may be meant, the likeliest first. What is typed still finds what begins so; what is meant is found as well.
"""

_TABLE = """
    # kinds of offices
    ktr | kantor
    kntr | kantor
    kel | kelurahan
    kelu | kelurahan
    klurahan | kelurahan
    klrhn | kelurahan
    lurah | kelurahan, desa
    kantor lurah | kelurahan, desa
    kec | kecamatan
    kcmtn | kecamatan
    camat | kecamatan
    kantor camat | kecamatan
    distrik | kecamatan
    ds | desa
    kades | desa
    kepala desa | desa
    balai desa | desa
    balaidesa | desa
    kelurahan desa | kelurahan, desa
    desa kelurahan | desa, kelurahan
    gampong | desa
    keuchik | desa
    geuchik | desa
    nagari | desa
    kampung | desa
    kamp | kampung, desa
    pekon | desa
    kab | kabupaten
    kabup | kabupaten
    kodya | kota
    kotamadya | kota
    kota administrasi | kota
    kot | kota
    prov | provinsi
    prop | provinsi
    propinsi | provinsi
    walkot | wali kota
    walkota | wali kota
    wako | wali kota
    walikota | wali kota
    balai kota | wali kota
    balkot | balai kota, wali kota
    pemkot | wali kota
    pemkab | bupati
    pemda | wali kota, bupati
    gub | gubernur
    dinkes | dinas kesehatan
    disdik | dinas pendidikan
    dinsos | dinas sosial
    dishub | dinas perhubungan
    disnaker | dinas tenaga kerja
    disnakertrans | dinas tenaga kerja
    dispenda | dinas pendapatan
    bapenda | badan pendapatan
    dukcapil | kependudukan pencatatan sipil, disdukcapil
    disdukcapil | kependudukan pencatatan sipil, dukcapil
    capil | pencatatan sipil, dukcapil, disdukcapil
    catatan sipil | pencatatan sipil, dukcapil, disdukcapil
    sudin | suku dinas
    dpmptsp | penanaman modal
    ptsp | pelayanan terpadu satu pintu
    mpp | mal pelayanan publik
    kua | urusan agama
    bpn | pertanahan
    atr bpn | pertanahan
    kpp | pelayanan pajak
    pkm | puskesmas
    puskes | puskesmas
    pusk | puskesmas
    pusat kesehatan masyarakat | puskesmas
    puskesmas | pusat kesehatan masyarakat
    rs | rumah sakit
    rsud | rumah sakit umum daerah
    polsek | kepolisian sektor
    samsat | pajak kendaraan
    imigrasi | imigrasi
    upt | unit pelaksana teknis
    lt | lantai
    gd | gedung
    no |
    nomor |

    # regions as they are called
    dki | jakarta
    jkt | jakarta
    jakpus | jakarta pusat
    jaksel | jakarta selatan
    jakbar | jakarta barat
    jaktim | jakarta timur
    jakut | jakarta utara
    jabar | jawa barat
    jateng | jawa tengah
    jatim | jawa timur
    sumut | sumatera utara
    sumbar | sumatera barat
    sumsel | sumatera selatan
    sumatra | sumatera
    kalbar | kalimantan barat
    kalteng | kalimantan tengah
    kalsel | kalimantan selatan
    kaltim | kalimantan timur
    kaltara | kalimantan utara
    sulut | sulawesi utara
    sulteng | sulawesi tengah
    sulsel | sulawesi selatan
    sultra | sulawesi tenggara
    sulbar | sulawesi barat
    ntb | nusa tenggara barat
    ntt | nusa tenggara timur
    babel | bangka belitung
    kepri | kepulauan riau
    malut | maluku utara
    diy | yogyakarta
    jogja | yogyakarta
    yogya | yogyakarta
    jogjakarta | yogyakarta
    solo | surakarta
    sby | surabaya
    bdg | bandung
    smg | semarang
    mlg | malang
    tangsel | tangerang selatan
    sidoarjo | sidoarjo
    bdl | bandar lampung
    plg | palembang
    mks | makassar
    bpp | balikpapan
    bjm | banjarmasin
    oki | ogan komering ilir
    oku | ogan komering ulu
    muba | musi banyuasin
    kobar | kotawaringin barat
    kotim | kotawaringin timur
    kukar | kutai kartanegara
    kutim | kutai timur
    kubar | kutai barat
    lobar | lombok barat
    loteng | lombok tengah
    lotim | lombok timur

    # words of which names are made
    klp | kelapa
    kby | kebayoran
    kebay | kebayoran
    kb | kebon, kebun
    kbn | kebon, kebun
    kebon | kebun
    kebun | kebon
    kr | karang
    krg | karang
    kp | kampung
    kmp | kampung
    kpg | kampung
    gn | gunung
    gng | gunung
    gg | gunung
    tj | tanjung
    tg | tanjung
    tjg | tanjung
    tnjg | tanjung
    tanjong | tanjung
    tn | tanah
    tnh | tanah
    tng | tengah
    tgh | tengah
    tlk | teluk
    tl | teluk
    bend | bendungan
    dki jakarta | jakarta
    tel | teluk
    pd | pondok, padang
    pdg | padang
    pdk | pondok
    ps | pasar
    psr | pasar
    ma | muara
    mr | muara
    sei | sungai
    s | sungai
    sg | sungai
    sgi | sungai
    sung | sungai
    bt | batu, bukit
    bkt | bukit
    lb | lubuk
    lbk | lubuk
    rw | rawa
    p | pulau
    pl | pulau
    plo | pulo
    pulo | pulau
    pulau | pulo
    cemp | cempaka
    cmpk | cempaka
    cp | cempaka
    jtngr | jatinegara
    mt | muara, mata
    st | santo, stasiun
    sbr | sumber
    skr | suka
    kps | kepulauan
    kep | kepulauan
    sel | selatan
    slt | selatan
    ut | utara
    utr | utara
    tim | timur
    tmr | timur
    bar | barat
    brt | barat
    pst | pusat
    tengh | tengah
    hlr | hilir
    hil | hilir
    ilir | hilir
    hilir | ilir
    hulu | ulu
    ulu | hulu
    1 | i, satu
    2 | ii, dua
    3 | iii, tiga
    4 | iv, empat
    5 | v, lima
    6 | vi, enam
    7 | vii, tujuh
    8 | viii, delapan
    9 | ix, sembilan
    10 | x, sepuluh
    i | satu, 1
    ii | dua, 2
    iii | tiga, 3
    iv | empat, 4
    satu | i, 1
    dua | ii, 2
    tiga | iii, 3
    empat | iv, 4
"""

Words = tuple[str, ...]

# What kind of office it is says little where the rest of the name is said, and people take a desa for a kelurahan.
KINDS = {"kantor", "kelurahan", "kecamatan", "desa", "balai", "kabupaten", "provinsi"}


def _read(table: str) -> dict[Words, list[Words]]:
    lines = (line.split("#")[0].strip() for line in table.splitlines())
    pairs = (line.partition("|") for line in lines if line)
    return {tuple(typed.split()): [tuple(each.split()) for each in meant.split(",") if each.strip()] for typed, _, meant in pairs}


MEANT = _read(_TABLE)
LONGEST = max(map(len, MEANT))
