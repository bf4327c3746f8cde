# ruff: noqa: E501 - a row of opposites is read as one line
"""More opposites, by what news flashes tell of: votes, courts, wars, markets, weather, sport, strikes.

In the form of `opposites.py`. No row has words that are synonyms in some use on its two sides.
"""

ENGLISH = """
held holds place going ~ cancel* postpon* scrap* shelv*
ruled rules ~ suspect suspects suspected confirm confirms confirmed consider*
accept* ~ demand*
resumption reopening ~ suspension closure interruption
release* freed free rescu* ~ kill* execut* murder* kidnap* abduct* captur* seiz* detain* arrest*
resum* restart* reviv* ~ collaps* stall* break broke broken suspend* fail* adjourn*
lift lifts lifted scrap* end ends ended remov* ~ extend* renew* prolong* tighten* impos* introduc* keep keeps kept retain* maintain* reimpos*
restor* reconnect* ~ cut cuts sever* disconnect* disrupt*
support* back backs backed favour* favor* endors* welcom* ~ block* oppos* reject* veto* condemn* criticis* criticiz* denounc* resist* obstruct*
follow follows followed following obey* heed* observ* respect* honour* honor* complied complies comply ~ ignor* violat* breach* defy defies defied disregard* flout* broke
order orders ordered requir* demand* ~ cancel* rescind* revok* waiv* withdr*
acquit* clear cleared exonerat* ~ convict* sentenc* jail* imprison* indict* charged guilty
innocent ~ guilty
upheld uphold* confirm* affirm* ~ overturn* quash* annul* struck revers* revok* overrul* void* scrap*
grant* award* approv* ~ denies denied deny refus* reject* revok* withh*
pass passes passed adopt* approv* ratif* enact* ~ fail* reject* defeat* veto* repeal* shelv* scrap* scuppered
ratif* ~ repeal* reject* denounc*
appoint* name names named hire* nominat* promot* reinstat* ~ dismiss* fire fires fired sack* oust* remov* suspend* demot* resign* expel*
stay stays stayed remain* keep keeps kept ~ resign* quit* leave leaves left
elect elects elected reelect* win wins won ~ lose loses lost concede* unseat* eliminat*
lead leads leading ahead ~ trail* behind
beat beats beaten defeat* thrash* win wins won ~ lose loses lost draw draws drew tied
qualif* advanc* ~ eliminat* crash* relegat* bow bows bowed
promot* ~ relegat*
victory triumph* ~ defeat loss
hold holds held holding keep keeps kept ~ lose loses lost yield* surrender* ceded cede abandon*
repel* repuls* thwart* foil* prevent* avert* ~ succumb* suffer* allow*
besieg* encircl* surround* ~ relieve* unblock*
attack* invad* bomb* shell shells shelled ~ defend* protect* spare spared
advanc* ~ retreat* withdr* pull pulls pulled
deploy* reinforc* ~ withdr* pull pulls pulled remov*
mobilis* mobiliz* ~ demobilis* demobiliz*
arm arms armed ~ disarm*
escalat* intensif* ~ deescalat* subside* eased eases easing calm*
truce ceasefire armistice ~ fighting offensive hostilities war
hold holds holding ~ collaps* broken violated breached
violat* break breaks broke broken ~ observ* respect* honour* honor* uphold* hold holds
survive* ~ die dies died perish* killed dead drown*
recover* improv* heal* ~ worsen* deteriorat* relaps*
stable ~ critical
hospitalis* hospitaliz* admitted ~ discharged
infect* ~ cured uninfected recovered
found ~ missing lost
missing ~ safe found rescued
wound* injur* hurt ~ unhurt unharmed unscathed killed died dead
evacuat* ~ return*
extinguish* contain* ~ spread* raged rages raging flar*
soar* surg* rally rallies rallied rebound* climb* jump* rise rises risen rising rose gain gains gained ~ plung* plummet* tumbl* crash* slid* slip* sink* sank sunk fell fall falls dip dips dipped
strengthen* appreciat* ~ weaken* depreciat* slump*
expand* widen* ~ narrow* contract contracts contracted shrink* shrank shrunk
increas* rais* hik* rise rises rose double* triple* ~ decreas* lower* cut cuts slash* trim* halve* hold holds held freez* froze keep keeps kept unchanged
profit* ~ loss losses deficit*
growth boom ~ recession decline slump contraction
invest* ~ divest*
inflow* ~ outflow*
buy buys bought acquir* ~ sell* sold divest* offload*
hire hires hired recruit* ~ fire fires fired layoff* sack*
open opens opened reopen* ~ close closes closed shut shuts
admit admits admitted confess* acknowledg* confirm* ~ deny denies denied
claim* confirm* ~ deny denies denied dismiss* disput*
truth true genuine authentic ~ false fake forged hoax
legal lawful constitutional ~ illegal unlawful unconstitutional
allow* permit* authoris* authoriz* legalis* legaliz* approv* ~ ban bans banned prohibit* forbid* outlaw* bar bars barred block* criminalis* criminaliz*
unveil* reveal* publish* disclos* ~ conceal* hid hide* withh*
join* enter* ~ leave* left quit* withdr* exit*
unite* reunit* merge* ~ split* separat* divid*
agree* accept* consent* ~ refus* declin* reject* disagree*
start starts started begin* began launch* ~ end ends ended stop* halt* finish* postpon* delay* cancel* abandon*
hold holds held ~ cancel* postpon*
arrest* captur* caught detain* ~ escap* fled flees evad* large
sign signs signed ~ veto* tear tears tore scrap* annul* abandon*
meet meets met ~ snub* avoid*
invite* ~ exclud* disinvit* expel*
includ* ~ exclud* omit*
recognis* recogniz* ~ derecogn*
connect* ~ disconnect*
enabl* activat* ~ disabl* deactivat*
ally allies allied partner* ~ rival* enemy enemies foe*
peaceful* calm quiet ~ violent* tense
optimis* ~ pessimis*
succeed* success* ~ fail* unsuccessful*
major ~ minor
majority ~ minority
unanimous* ~ split divided
warm* hot heatwave ~ cold* cool* frost*
wet rain rains rainy flood* ~ dry drought
clear ~ cloudy foggy
flood* ~ drought
heavy ~ light
legalis* ~ criminalis*
arriv* land landed lands ~ depart* leave* left
boycott* ~ attend* join*
pay pays paid repay* repaid ~ default* unpaid
spend* ~ save*
lend* lent ~ borrow*
add adds added ~ remov* subtract*
build* built construct* erect* ~ demolish* destroy* raze* dismantl*
create* establish* founded ~ abolish* dissolv* disband*
nationalis* nationaliz* ~ privatis* privatiz*
subsid* ~ tax taxes taxed
accelerat* speed speeds sped ~ slow* brak* delay*
prais* laud* commend* ~ criticis* criticiz* condemn* slam slams slammed blast blasts blasted
loyal ~ disloyal mutinous
volunteer* voluntary ~ forced compulsory mandatory
compulsory mandatory ~ optional voluntary
temporary temporarily ~ permanent permanently
partial partially partly ~ full fully complete completely
upper ~ lower
exonerat* ~ implicat*
extradit* deport* expel* ~ pardon* shelter*
pardon* ~ execut* condemn*
reliev* ~ reimpos*
suspend* end ends ended ~ extend* prolong* renew* escalat*
gain gains gained regain* win wins won retain* keep keeps kept ~ lose loses lost
drop drops dropped withdr* dismiss* ~ file files filed bring brings brought press presses pressed
reappoint* rehire* appoint* hire hires hired ~ sack* fire fires fired lay lays laid axe axed axes
declar* announc* impos* introduc* ~ lift lifts lifted cancel* revok* withdr* end ends ended
accept* agree agrees agreed welcom* ~ snub* spurn* rebuff* refus* reject*
opens opened reopen* resum* ~ block blocks blocked close closes closed suspend* halt*
stay stays stayed remain* ~ flee flees fled evacuat*
confirm* insist* ~ retract* recant* deny denies denied
more ~ less fewer
new newest ~ old oldest
many ~ few
everyone everybody all ~ nobody none
always ~ never
possible likely ~ impossible unlikely
ready willing ~ unready unwilling reluctant
able ~ unable
online ~ offline
attacker attackers ~ victim victims
winner winners ~ loser losers
buyer buyers ~ seller sellers
increase ~ decrease
repair* fix fixes fixed ~ damag* destroy* sabotag*
shelter* welcom* host hosts hosted ~ expel* deport* evict*
heal* ~ injur*
disarm* ~ rearm* arm arms armed
"""

RUSSIAN = """
объяв* объявил* ~ отмен* отбой отбоя
состоится состоялся состоялась состоялись пройдет прошел прошла прошли ~ отмен* отлож* перенес*
исключил* исключает исключают исключен* ~ подозрева* подтверд* подтвержд* допуска* допусти*
принял* ~ потребова* требу*
освобо* ~ остави* оставля*
уволи* ~ остави*
сохранил* сохран* оставил* оставит ~ повысил* повышен* понизил* понижен* снизил* снижен* отмени* измени*
повысил* повыс* поднял* ~ понизил* понизит сниз* опустил* заморозил*
освободил* освобожд* отпуст* отпущ* спас* спасен* ~ убил* убит* казни* похит* задерж* арест* захват* захвач* ликвидир*
возобнов* восстанов* ~ сорва* сорван* прекра* прерва* провал* приостан* останов* отложи* отложен*
снял* снят* снима* отмен* ~ продл* сохран* ужесточ* усил* вводит* введ* ввел* наложил*
отмен* аннулир* ~ продл* подтверд* утверд* ввод* введ* ввел* назнач* оставил*
восстановлен* восстановил* подключ* ~ отключ* обесточ* прерван* отрезан*
поддерж* одобр* привет* ~ осуди* заблок* отверг* отклон* провал* раскритик* бойкот*
принял* принят* приня* одобр* ратифиц* ~ отклон* отверг* отозва* провал* завернул* денонсир*
ратифиц* ~ денонсир* отверг*
соблюда* соблюд* выполн* исполн* ~ наруш* игнорир* проигнор* сорва* сорвал*
прислуш* учел* учли ~ проигнор* игнорир*
оправда* ~ осуд* приговор* признан* посад*
виновн* виновен ~ невинов* оправда* непричаст*
утверд* ~ отклон* отверг* отмен*
подтверд* призна* ~ опроверг* опроверж* отриц* отверг*
арест* задерж* ~ освобо* отпуст* сбежал* бежал* скрыл* скрыва*
пойман* поймал* задерж* ~ сбежал* бежал* скрыл* скрыва* упуст*
удовлетвор* ~ отклон* отказ*
выдал* выдач* ~ отказ* отозва* аннулир*
назначен* назначил* избра* ~ уволен* уволил* отставк* отстран* снят* смещен* отозва*
восстановлен* ~ отстран* уволен*
остался остает* останет* сохрани* ~ ушел уходит уйдет покид* покин* отставк*
победил* победу побед* выиграл* обыграл* разгромил* ~ проиграл* поражени* уступил* проигрыш*
обыграл* победил* ~ уступил* проиграл*
лидир* возглав* ~ замыка* отста*
вышл* вышел прошел прошл* ~ вылет* выбыл*
удержал* удержив* отбил* отраз* ~ потерял* утратил* сдал* сдали оставил* пропустил*
отбил* отбит* отраз* отраж* предотврат* пресек* ~ пропустил* потерял* утратил* допуст*
предотврат* ~ соверш* допуст* устро*
окруж* блокир* ~ деблокир* разблок* прорвал*
наступл* наступа* ~ отступ* отход* оборон*
введен* вводят вводит ~ вывод* выведен* выводят
мобилиз* призва* ~ демобилиз*
вооруж* ~ разоруж*
обостр* эскалац* ~ деэскалац* разряд* затих* стих*
перемири* прекращен* ~ возобнов* продолж* наступлен*
выжил* уцел* спас* ~ погиб* умер* скончал* убит* разбил*
ранен* пострада* ~ погиб* убит* умер* скончал* невредим*
улучш* выздор* поправ* ~ ухудш* обостр*
стабильн* ~ критическ* тяжел*
госпитализ* ~ выписа*
зараз* заболе* ~ выздоров* излеч* вылеч*
найден* нашл* нашел обнаруж* ~ пропал* исчез* потеря* разыскив*
эвакуир* ~ вернул* возвращ*
потуш* ликвидир* локализ* ~ разгор* распростран* вспых* разраст*
вырос* подорож* подскоч* взлет* повысил* прибав* ~ подешев* рухн* упал* снизил* обвал* потерял* просел*
укреп* окреп* ~ ослаб* обесцен* девальв*
ускор* ~ замедл* затормоз*
расшир* ~ сузил* сузи* сократ* сокращ* уменьш* сверн*
увелич* удвои* утрои* нарасти* нараст* ~ уменьш* сократ* сокращ* урез* сниз*
прибыл* доход* ~ убыт* потер* 
профицит* ~ дефицит*
рост роста подъем* ~ спад* падени* рецесс* обвал*
приток* ~ отток*
купил* приобр* скупа* ~ продал* продаж* распрода*
нанял* нанима* нанять ~ уволил* увольн* сократил*
открыл* открыт* откры* ~ закры* перекры* опечат*
правда подлинн* настоящ* ~ ложь ложн* фальшив* поддельн* фейк*
законн* ~ незаконн* 
разреш* позвол* допуст* ~ запрет* запрещ* недопуст*
опубликова* обнародов* раскры* ~ засекрет* скрыл* утаил* утаи*
присоедин* вступил* вступа* ~ вышел вышл* выход* покин*
объедин* ~ раскол* разъедин* раздел*
согласил* соглас* ~ отказа* возраз* несоглас*
начал* начин* начнут* начнет* стартов* ~ отмен* отлож* перенес* заверш* прекра*
состоял* состоит* пройдет прошел прошл* ~ отмен* сорва* перенес* отлож*
сорва* ~ состоял* 
подписал* подписа* ~ ветир* отклон* отказал*
наложил* ~ преодолел* снял*
приглас* ~ исключ* выгна* отозва*
включ* ~ исключ* выключ* отключ*
признал* признан* ~ отверг* отказал*
союзник* партнер* ~ противник* враг* соперник*
спокойн* мирн* ~ напряж* беспоряд*
успешн* успех* ~ безуспешн* неудач* провал*
единогласн* ~ большинств*
большинств* ~ меньшинств*
потепл* тепло теплее жара жару жары ~ похолод* холод* мороз* заморозк*
дожд* ливн* наводнен* ~ засух* сух*
прилет* прибыл* приземл* ~ вылет* улет* отбыл*
бойкотир* ~ посети* участв*
выплат* погас* оплат* ~ задолж* дефолт* невыплат*
построил* построен* возвед* возвел* ~ снес* снос* разруш* демонтир*
создал* создан* учред* основал* ~ распуст* роспуск* упраздн* ликвидир* расформир*
национализ* ~ приватиз*
похвал* ~ раскритик* осуди* обруга*
доброволь* ~ принуд* обязательн*
обязательн* ~ доброволь* необязательн*
временн* ~ постоянн* бессрочн* навсегда
частичн* ~ полность* полном* полный полная полное
экстрад* выдал* депорт* выслал* ~ помилов* укрыл* 
помилов* ~ казн* приговор*
разминир* ~ заминир*
упрост* облегч* ~ усложн* ужесточ* затрудн*
сблиз* ~ отдал* разрыв*
продлил* продлен* ~ сократил* расторг* истек*
вернул* возвращ* ~ лишил* лишен* отобрал* изъял* конфиск*
лишил* лишен* ~ вернул* наградил* присво*
защит* защищ* оборон* ~ напал* атаков* штурм*
атаков* обстрел* удар ~ отраз* отбил*
исправн* ~ неисправн* сломан*
выше ~ ниже
внутри ~ вне
очно очный ~ заочно заочный дистанц*
отправил* послал* ~ отозва* вернул*
безопасн* ~ опасн* небезопасн*
платн* ~ бесплатн*
дороже дорого ~ дешевле дешево
закрытый закрытая закрытое ~ открытый открытая открытое
старший старшая ~ младший младшая
начало начала ~ конец конца
объявл* объявил* ввел* введен* ~ отмен* отбой снят* снял*
перекры* приостан* останов* закры* ~ возобнов* открыл* открыт* восстанов*
приостан* прекра* заверш* ~ продл* продолж* возобнов*
получил* обрел* вернул* ~ потерял* утратил* лишил*
возбудил* возбужден* предъяв* ~ прекратил* прекращен* закрыл* снял*
избрал* назнач* ~ отмен* снял*
пустил* впустил* допустил* ~ выгнал* выдвор* недопустил*
введ* ввод* ~ отлож*
вошел вошла вошли войдет ~ вышел вышла вышли выйдет выбыл*
взлет* ~ рух* обвал*
запустил* запущен* ~ остановил* остановлен* закрыл*
расследу* возбужд* ~ закрыл* прекратил*
вооружил* ~ разоружил*
выдвин* ~ снял* отозва*
выдвиг* выдвин* ~ отказал* отказыв*
готов готова готовы ~ отказ* неготов*
возможн* ~ невозможн*
вероятн* ~ маловероятн*
много больше ~ мало меньше
все всех всем ~ никто никого никому
всегда ~ никогда
сторонник* ~ противник*
покупател* ~ продавц* продавец
победител* ~ проигравш*
онлайн ~ офлайн
отремонт* почин* ~ повред* слом* разруш*
принял* приютил* ~ выслал* депорт* выгнал*
эвакуац* ~ возвращени*
"""

UKRAINIAN = """
оголо* ~ скасов* скасу* відбій відбою
звільн* ~ залиши* залиша*
відбудеться відбувся відбулася відбулися пройде пройшов ~ скасов* скасу* відклад* відкла* перенес*
виключ* ~ підозрю* підтверд* допуска*
прийня* ~ вимага*
підтримал* підтримав підтрим* схвал* ухвал* ~ провал* відхил* заблок* засуд* розкритик*
відбил* відбит* утрим* ~ втрат* здал* здав*
зберіг* збереж* залиш* ~ підвищ* знизи* зниж* скасув* втрат*
звільнил* звільнен* врят* відпуст* ~ вбил* вбит* убил* убит* страт* викра* затрим* арешт* полон*
відновл* віднов* ~ зірва* зрив* припин* призупин* перерв* відклад* відклал*
знял* знят* скасув* ~ продовж* посил* запров* ввел* зберіг* збереж*
підключ* заживл* ~ відключ* знеструм*
ухвал* прийня* ратифік* ~ відхил* відкинул* провал* відклик* денонс*
дотрим* викон* ~ поруш* ігнор* зірва*
виправд* ~ засуд* вирок*
винн* винен ~ невинн* непричет*
підтверд* визна* ~ спросту* запереч* 
затрим* спійма* арешт* ~ втік втекл* втеч* утік переховує* звільнил* звільнен*
задовол* ~ відхил* відмов*
признач* обрал* обран* ~ звільнил* звільнен* відсторон* відставк*
переміг перемог* виграл* виграв обіграл* обіграв ~ програл* програв поступи* поразк*
відбил* запобіг* ~ пропуст* втрат* допуст*
оточ* блок* ~ деблок* розблок*
мобіліз* ~ демобіліз*
озбро* ~ роззбро*
загостр* ескалац* ~ деескалац* затих* 
вижив* вижил* врят* ~ загин* помер* 
поранен* постражд* ~ загин* вбит* помер* неушкодж*
поліпш* покращ* одуж* ~ погірш*
стабільн* ~ критичн* важк*
госпіталіз* ~ виписа*
знайд* знайш* виявл* ~ зник* пропа*
евакую* ~ поверн*
загас* ліквід* локаліз* ~ розгор* пошир*
здорожч* подорожч* зросл* ~ здешев* подешев* впал* обвал*
зміцн* ~ послаб* знецін*
прискор* ~ сповіль* уповіль*
розшир* ~ звуз* скорот*
збільш* подво* ~ зменш* скорот* знизи*
приплив* ~ відплив*
придба* купил* купув* ~ прода*
найня* ~ звільнил* скорот*
правда справжн* ~ брехн* фальш* фейк* підробл*
законн* ~ незаконн*
дозвол* ~ заборон*
оприлюдн* ~ приховал* засекре*
приєдн* вступ* ~ вийшл* вийшов виход*
обєдн* ~ розкол* роздiл*
погодил* погодж* ~ відмовил* заперечил*
почал* розпоч* стартув* ~ скасув* відклал* перенес* заверш* припин*
відбула* відбув* відбуд* ~ скасув* зірва* перенес*
підписал* підписав ~ ветув* відхил*
запрос* ~ виключ*
союзник* партнер* ~ ворог* противник* суперник*
успішн* ~ невдал* провал*
більшіст* ~ меншіст*
потепл* тепло тепліше спек* ~ похолод* холод* мороз*
дощ* злив* повін* ~ посух*
збудув* збудован* звел* ~ знес* зруйн* демонт*
створ* заснув* ~ розпуст* ліквід*
націоналіз* ~ приватиз*
похвал* ~ розкритик* засуд*
доброві* ~ примус* обовязк*
тимчас* ~ постійн* безстрок*
частков* ~ повніст* повн*
спрост* полегш* ~ усклад* посил*
повернул* поверта* ~ позбав* вилучил* конфіск*
захист* захищ* ~ напа* атак* штурм*
безпечн* ~ небезпечн*
розмін* ~ замін*
оголос* ввел* запров* ~ скасув* відбій знял*
обрав обрал* ~ скасув* змінив
перекри* призупин* зупин* ~ віднов* відкри*
призупин* припин* ~ продовж*
отрим* здобу* поверну* ~ втрат* позбав*
пустил* впустил* ~ вигнал* видвор*
увійш* ~ вийшл* вийшов вибу*
запуст* ~ зупин*
висун* ~ відклик*
можлив* ~ неможлив*
багато більше ~ мало менше
завжди ~ ніколи
новий нова нове ~ старий стара старе
прихильник* ~ противник*
відремонт* полагод* ~ пошкод* зламал* зруйн*
прийнял* ~ депорт* видвор*
евакуац* ~ поверненн*
прибув прибул* прилет* ~ відлет* вилет*
прийшл* ~ пішл*
"""

GERMAN = """
stattfinde* findet statt stattgefunden ~ abgesagt* verschob* verschieb* abgeblasen*
ausgeschlossen* schliesst schliessen ~ vermut* verdächt* bestätig*
angenommen* nimmt ~ forder*
wiederaufnahme öffnung wiedereröffnung freigabe ~ aussetzung unterbrechung schliessung sperrung einstellung
befreit* ~ verlass* verliess* geräumt*
streicht streichen strich gestrichen* ~ behält behalten behielt erhält* verlänger* fortgesetzt*
gefasst* festgenommen* gefunden* ~ flüchtig geflohen* entkommen* flieht vermisst*
freigelassen* befreit* gerettet* ~ getötet* ermordet* hingerichtet* entführt* festgenommen* verhaftet*
hebt aufgehoben* aufheb* ~ verläng* verhäng* bestätig* verschärf* beibehalten*
wiederaufgenommen* fortgesetzt* ~ abgebrochen* gescheitert* unterbrochen* ausgesetzt*
unterstütz* befürwort* begrüsst* ~ blockier* kritisier* verurteilt* lehnt ablehn*
stattgegeben* statt gaben gibt ~ abgewiesen* wiesen wies weist
billig* verabschied* ratifizier* beschliess* beschloss* angenommen* ~ verworfen* abgelehnt* gekippt* kippt verwirft scheitern scheitert* aufgehoben*
bestätig* ~ dementier* bestreit* widerruf* aufgehoben*
befolg* eingehalten* ~ ignorier* missacht* verletzt* gebrochen*
freigesprochen* freispruch* ~ verurteil* schuldspruch*
gesteht gestand gestanden ~ leugn* bestreit*
ernannt* ernennt berufen* beruft ~ entlassen* entlässt abgesetzt* abberufen* gefeuert*
bleibt bleiben blieb ~ geht verlässt verlassen zurückgetreten* rücktritt
siegt siegte schlägt schlug schlugen gewinnt gewann ~ unterlieg* unterlag* verliert verlor*
aufstieg aufgestiegen ~ abstieg abgestiegen ausgeschieden
gehalten* hielt hält ~ verloren* aufgegeben* gefallen
abgewehrt* abwehr* verhinder* vereitel* ~ durchgebrochen* durchbruch verübt*
verstärk* ~ abgezogen* abzug schwäch*
vormarsch ~ rückzug*
eskal* ~ deeskal* beruhig*
überleb* ~ stirbt starb* gestorben* tot tödlich*
verletzt* ~ unverletzt* getötet*
erholt genesen* verbesser* ~ verschlechter* verschlimmer*
stabil ~ kritisch
gelöscht* ~ ausgebreitet* ausgebrochen*
erhöht* anhebt anheb* angehoben* ~ gesenkt* senkt senken
verdoppel* ~ halbiert*
wächst zulegt zugelegt* ~ schrumpf* einbricht eingebrochen*
stärker ~ schwächer
gewinn* überschuss* ~ verlust* defizit*
aufschwung ~ abschwung rezession
kaufen kauft gekauft* erwirbt erworben* ~ verkauf* abgestossen*
wiedereröffn* öffnet geöffnet ~ schliesst geschlossen
erlaubt* gestatt* zugelassen* genehmig* ~ verbiet* verboten* untersagt* verbot*
beitritt beigetreten* ~ austritt ausgetreten*
einig einigung geeinigt ~ uneinig gescheitert*
beginnt begonnen startet ~ abgesagt* verschoben* abgebrochen* endet
findet ~ fällt entfällt
unterzeichn* unterschreib* unterschrieb* ~ aufgekündigt* gekündigt*
lädt eingeladen* ~ ausgeladen* ausgeschlossen*
verbündet* partner* ~ feind* gegner* rivale*
friedlich* ruhig ~ gewalt* angespannt*
erfolg* ~ misserfolg* scheiter*
mehrheit ~ minderheit
wärmer warm hitze ~ kälter kalt kälte frost
regen hochwasser ~ dürre trocken*
gegründet* ~ aufgelöst*
gebaut* errichtet* ~ abgerissen* gesprengt*
lobt lobte gelobt ~ kritisier* rügt
freiwillig* ~ verpflichtend* pflicht
vorläufig* vorübergehend* befristet* ~ dauerhaft* unbefristet*
teilweise ~ vollständig* komplett
echt wahr ~ falsch gefälscht*
legal* rechtmässig* ~ illegal* rechtswidrig*
sicher ~ unsicher gefährlich
anschluss angeschlossen* ~ abgeschaltet* unterbrochen*
einschalt* eingeschaltet* ~ abschalt* abgeschaltet* ausgeschaltet*
lockert gelockert* locker* ~ verschärf*
pünktlich ~ verspätet
nimmt aufgenommen* ~ bricht abgebrochen*
verläng* ausgeweitet* ~ beendet* beenden ausgesetzt* verkürz*
verhängt* ausgerufen* ~ aufgehoben* beendet*
gesperrt* ~ freigegeben* geöffnet
möglich wahrscheinlich ~ unmöglich unwahrscheinlich
viele mehr ~ wenige weniger
alle ~ keine niemand
immer ~ nie
neu neue neuer ~ alt alte alter
befürworter ~ gegner
repariert* ~ beschädigt* zerstört*
aufgenommen* ~ abgeschoben* ausgewiesen*
erhoben* anklage ~ eingestellt* fallengelassen*
gesunken* ~ gestiegen*
erlaubt ~ untersagt
landet gelandet* ~ startet abgehoben*
bewilligt* ~ verweigert*
"""

FRENCH = """
reprise rétablissement redémarrage relance remise ~ suspension interruption arrêt mise coupure
ouverture louverture réouverture ~ fermeture
lieu tiendra tient tenu ~ annul* report* ajourn*
écart* exclu* exclut ~ soupçonn* confirm* privilégi*
accept* ~ exig* réclam*
libér* ~ quitt* abandonn* évacu*
valide validé* valident approuv* ~ censur* rejett* rejet* invalid* annul* retoqu*
reprend reprennent repris* ~ perd perdent perdu* abandonn*
maintenu* maintient maintiennent ~ levée levé levés suspendu* annulé* supprim*
lève lèvent levé* ~ prolong* impos* mainti* maintenu* durci* renouvel*
interpellé* arrêté* capturé* ~ fuite cavale libéré* relâché* échapp* évadé*
libéré* libère libèrent sauvé* ~ tué* exécuté* enlevé* capturé* arrêté* assassiné*
rétabli* rétablit ~ coupé* coupe interrompu*
reprise reprennent relancé* ~ rupture échec rompu* suspendu* interrompu*
soutien* soutenu* approuv* salue saluent ~ bloqu* condamn* critiqu* rejet* dénonc*
adopt* vote voté* ratifi* ~ rejet* repouss* retir* abrog*
confirm* ~ infirm* dément* démenti* cass*
respect* suivi* suivent ~ viol* ignor* enfrei* bafou*
relax* acquitt* ~ condamn* coupable*
avoue avoué* reconnaît reconnu* ~ nie nié*
nommé* nomme élu* ~ limog* démis* révoqu* destitu* licenci*
reste restent ~ démissionne* quitte* part
bat battent battu* domine gagne gagnent ~ perd perdent incline inclinent perdu*
qualifié* qualifie ~ éliminé* élimine
victoire ~ défaite
repouss* déjou* empêch* ~ subi* commis*
déploi* envoi* ~ retir* rappel*
escalad* ~ désescalad* apais*
survi* survécu* rescapé* ~ meurt meurent mort* décéd* péri*
blessé* ~ indemne* tué* mort* sauf
améliore* ~ aggrav* détérior* empir*
stable ~ critique
retrouvé* ~ disparu*
éteint* maîtris* ~ propag* 
augment* relev* hausse ~ baiss* abaiss* diminu* gel gèle
bondi* grimp* envol* ~ chut* plong* effondr*
renforc* ~ affaibli*
élargi* ~ rédui* restrei*
excédent* bénéfice* ~ déficit* perte*
croissance ~ récession
achète* acheté* acquiert rach* ~ vend vendent vendu* cède cédé*
embauch* recrut* ~ licenci* supprim*
rouvr* ouvre ouvert* ~ ferme* fermé*
autoris* permet* légalis* ~ interdi* prohib*
rejoint rejoignent adhér* ~ quitte* sort
accord ~ désaccord échec rupture
commenc* démarr* ~ annul* report* termin*
signe signé* ~ dénonc* rompt rompu*
invit* ~ exclu*
allié* ~ ennemi* adversaire* rival*
calme pacifique* ~ violent* tendu*
succès réussi* ~ échec échou*
majorité ~ minorité
chaleur chaud* canicule ~ froid* gel
pluie* inondation* ~ sécheresse
construi* bâti* ~ démol* détrui* ras*
créé* crée fondé* ~ dissou* dissol* supprim*
nationalis* ~ privatis*
félicit* ~ critiqu* condamn*
volontaire* facultatif* ~ obligatoire*
temporaire* provisoire* ~ permanent* définiti*
partiel* ~ total* complet* complèt*
vrai authentique ~ faux fausse
légal* ~ illégal*
publi* dévoil* ~ cach* dissimul*
assoupli* allèg* ~ durci* alourdi*
accueill* ~ expuls* refoul*
gracié* ~ exécut* condamn*
rouvert* rouvre rouvrent ~ fermé* ferme coupé*
prolongé* prolonge étendu* ~ écourté* suspendu* levé* terminé*
décrété* instauré* ~ levé* annulé*
possible probable ~ impossible improbable
tous tout ~ personne aucun
toujours ~ jamais
nouveau nouvelle ~ ancien ancienne
partisan* ~ opposant*
répar* ~ endommag* détrui*
inculpé* poursuivi* ~ relaxé* blanchi*
obtien* obtenu* ~ perd perdu*
décolle décollé* ~ atterri*
accordé* accorde ~ refus*
"""

SPANISH = """
confirm* ~ descart*
acept* ~ exig* reclam*
celebra celebrará celebró celebrarán ~ cancel* aplaz* pospon* suspend*
apertura reapertura ~ cierre clausura
reanudación reinicio ~ suspensión interrupción paro
liber* ~ abandon*
descart* ~ sospech* baraj*
ordena ordenan ordenó ordenaron exige exigen ~ descarta descartan descartó descartaron cancela cancelan canceló levanta levantan
fortalece* fortaleció aprecia apreció ~ debilita* debilitó deprecia depreció devalu*
amplía amplían amplió ampliaron ~ reduce reducen redujo redujeron recort* limita limitan
libera liberan liberó liberad* rescat* ~ mata mató asesin* ejecut* secuestr* captur* detien* detuv* arrest*
captur* detenid* detien* detuv* ~ fuga fugó fugado prófug* escap* huye huyó liberad*
levanta levantan levantó ~ prorrog* impone imponen impuso mantiene* mantuvo endurec*
reanud* retom* ~ rompe rompen rompió suspend* interrump* fracas* colaps*
restablec* restaur* ~ cort* interrump*
respald* apoy* ~ bloque* condena* critic* rechaz*
aprueb* aprob* ratific* ~ rechaz* tumba tumbó derog* vet* archiv*
confirm* ~ desmient* desmint* revoc* anul* niega niegan negó
cumpl* respet* sigue siguió ~ incumpl* viol* ignor*
absuel* absolv* ~ conden*
reconoc* admit* ~ niega niegan negó
nombra nombró nombrad* ~ destitu* cesa cesó despid* despidió
sigue permanece continúa ~ renunci* dimit* abandon*
vence vencen venció gana ganan ganó derrot* ~ pierde pierden perdió cae cayó
clasific* ~ elimin*
victoria triunf* ~ derrot*
repel* frustr* evit* impid* ~ sufr* comet*
despl* enví* ~ retir* repleg*
escalada ~ desescalada
sobreviv* ~ muere* murió murieron fallec*
herid* ~ ileso* ilesa* muert*
mejor* recuper* ~ empeor* agrav*
estable ~ crítico crítica
hallad* encontrad* ~ desaparecid*
extingu* sofoc* controlad* ~ propag* extiend*
aument* sube* subió eleva elevó ~ baja* bajó reduc* redujo recort* congel* mantiene
dispar* ~ desplom* hunde hundió derrumb*
acelera* aceleró ~ desacelera* frena frenó
superávit ganancia* ~ déficit pérdida*
crecimiento ~ recesión contracción
compr* adquir* ~ vend*
contrat* ~ despid* despidió
abre abrió reabr* ~ cierra cerró clausur*
autoriz* permit* legaliz* ~ prohíb* prohib* veta vetó
ingresa ingresó une unió ~ abandon* sale
acuerdo ~ desacuerdo ruptura
acept* ~ rechaz*
comienz* comenz* inici* arranc* ~ cancel* aplaz* suspend* pospon* termin*
convoc* ~ desconvoc* cancel*
firma firmó firman ~ rompe rompió veta vetó
invit* ~ exclu* expuls*
inclu* ~ exclu*
aliad* soci* ~ enemig* rival*
pacífic* ~ violent*
éxito ~ fracaso
mayoría ~ minoría
calor cálid* ~ frío fría helada*
lluvia* inundaci* ~ sequía
constru* ~ demol* derrib* destru*
crea creó fund* ~ disuelv* disolv* elimin*
nacionaliz* ~ privatiz*
elogi* ~ critic* conden*
voluntari* opcional ~ obligatori* forzos*
temporal* provisional* ~ permanent* definitiv*
parcial* ~ total* complet*
verdader* auténtic* ~ fals*
legal* ~ ilegal*
public* revel* ~ ocult*
flexibiliz* alivi* ~ endurec*
indult* ~ ejecut* conden*
prorrog* extiend* ~ suspend* levant* acort* termin*
decret* declar* impus* ~ levant* anul* derog*
posible probable ~ imposible improbable
todos todo ~ nadie ninguno
siempre ~ nunca
nuevo nueva ~ viejo vieja antiguo antigua
partidari* ~ opositor* detractor*
repar* ~ dañ* destru*
imput* acus* ~ exoner* absuel* sobrese*
obtien* obtuv* recuper* ~ pierd* perdi*
despega despegó ~ aterriz*
conced* otorg* ~ deneg* neg*
acog* ~ expuls* deport*
"""

ARABIC = """
يقام تقام أقيم أقيمت ينعقد يعقد عقد ~ ألغي ألغيت تأجل تأجلت أرجئ أرجئت ألغى ألغت أجل أجلت
استبعد استبعدت يستبعد ~ رجح رجحت أكد أكدت يرجح يشتبه
قبل قبلت ~ طالب طالبت
حرر حررت ~ غادر غادرت أخلى أخلت
أطلق أطلقت إطلاق أفرج أفرجت حرر حررت تحرير ~ اعتقل اعتقلت احتجز احتجزت خطف خطفت قتل قتلت اختطف أعدم أعدمت
سراح ~ اعتقال احتجاز
أيد أيدت دعم دعمت يدعم تدعم ~ عارض عارضت عرقل عرقلت رفض رفضت أدان أدانت انتقد انتقدت
رفع رفعت رفعا ~ فرض فرضت مدد مددت شدد شددت أبقى أبقت
استأنف استأنفت استئناف ~ انهارت انهار انهيار علق علقت تعليق أوقف أوقفت قطع قطعت
أعاد أعادت إعادة عودة ~ قطع قطعت انقطاع انقطع
التزم التزمت احترم احترمت ~ انتهك انتهكت خرق خرقت تجاهل تجاهلت
أقر أقرت صادق صادقت وافق وافقت ~ رفض رفضت ألغى ألغت أسقط أسقطت نقض
أكد أكدت تأكيد ~ نفى نفت كذب كذبت ألغى
برأ برأت ~ أدان أدانت حكم
عين عينت ~ أقال أقالت عزل عزلت أعفى
بقي يبقى ~ استقال غادر
فاز فازت تغلب تغلبت هزم هزمت ~ خسر خسرت انهزم سقط
تأهل تأهلت ~ خرج خرجت أقصي
صد صدت أحبط أحبطت تصدى تصدت ~ نفذ نفذت تعرض تعرضت
نشر نشرت أرسل أرسلت ~ سحب سحبت
تصعيد ~ تهدئة
نجا نجوا ناجين ~ قتل قتلوا توفي لقوا قتلى
أصيب أصيبت إصابة جرح ~ قتل قتلت مقتل سلامة
تحسن تحسنت ~ تدهور تدهورت ساءت
مستقرة مستقر ~ حرجة حرج
عثر ~ فقد فقدان
أخمد أخمدت إخماد ~ امتد اندلع اندلعت
زاد زادت رفع رفعت قفز قفزت ~ خفض خفضت قلص قلصت تراجع تراجعت هوى هوت ثبت ثبتت أبقى
قوي تعزز عزز عززت ~ ضعف أضعف تراجع
فائض ربح أرباح ~ عجز خسارة خسائر
نمو انتعاش ~ ركود انكماش
اشترى اشترت يشتري ~ باع باعت يبيع
وظف ~ سرح سرحت
فتح فتحت أعاد ~ أغلق أغلقت غلق
سمح سمحت أجاز أجازت ~ حظر حظرت منع منعت حرم
انضم انضمت انضمام ~ انسحب انسحبت انسحاب
اتفق اتفقت اتفاق ~ اختلف اختلفت خلاف
قبل قبلت ~ رفض رفضت
بدأ بدأت انطلق انطلقت ~ ألغي ألغيت تأجل تأجلت أجل أجلت انتهى انتهت
وقع وقعت ~ مزق مزقت فسخ ألغى
دعا دعت ~ استبعد استبعدت طرد طردت
حليف حلفاء ~ عدو أعداء خصم خصوم
نجح نجحت نجاح ~ فشل فشلت فشل إخفاق
أغلبية ~ أقلية
حر حارة حرارة ~ برد باردة صقيع
أمطار فيضان فيضانات ~ جفاف
بنى بنت شيد شيدت ~ هدم هدمت دمر دمرت
أسس أسست أنشأ أنشأت ~ حل حلت ألغى
أشاد أشادت رحب رحبت ~ انتقد انتقدت أدان أدانت ندد نددت
طوعي اختياري ~ إلزامي إجباري
مؤقت مؤقتا مؤقتة ~ دائم دائما دائمة
جزئي جزئيا جزئية ~ كلي كليا كاملة كامل
صحيح صحيحة حقيقي ~ خاطئ مزيف مزيفة
قانوني قانونية شرعي ~ مخالف باطل باطلة
كشف كشفت نشر ~ أخفى أخفت
خفف خففت ~ شدد شددت
عفا ~ أعدم أعدمت
صادرات تصدير ~ واردات استيراد
آمن آمنة ~ خطير خطيرة
تمديد مدد مددت ~ إنهاء أنهى أنهت تعليق
إعلان أعلن أعلنت ~ إلغاء ألغى ألغت
ممكن محتمل ~ مستحيل مستبعد
دائما ~ أبدا
جديد جديدة ~ قديم قديمة
مؤيد مؤيدو ~ معارض معارضو
إصلاح أصلح ~ إتلاف أتلف دمر
استقبل استقبلت ~ رحل رحلت طرد
أقلعت إقلاع ~ هبطت هبوط
منح منحت ~ حرم حرمت سحب
إطلاق ~ إيقاف
"""

FARSI = """
برگزار ~ لغو تعویق
پذیرفت پذیرفتند ~ خواستار
تایید تأیید تائید ~ لغو رد نقض تکذیب
آزاد رها ~ بازداشت دستگیر زندانی ربوده کشته اعدام
حمایت پشتیبانی استقبال ~ مخالفت محکوم انتقاد مسدود
لغو برداشته ~ تمدید وضع اعمال تشدید
ازسرگیری سرگیری ادامه ~ توقف تعلیق شکست متوقف قطع
وصل برقرار ~ قطع
رعایت پایبند ~ نقض نادیده
تصویب پذیرش ~ رد وتو لغو
تبرئه بیگناه ~ محکوم گناهکار مجرم
اعتراف پذیرفت ~ انکار تکذیب رد
منصوب انتخاب انتصاب ~ برکنار عزل اخراج استعفا
ماند میماند ~ رفت استعفا
برنده پیروز غلبه ~ بازنده مغلوب شکست
صعود ~ سقوط حذف
دفع خنثی ~ متحمل
اعزام استقرار ~ خروج فراخوان
محاصره ~ شکستن
تشدید ~ کاهش آرام
نجات زنده ~ کشته جانباخته فوت غرق
زخمی مجروح ~ کشته سالم جانباخته
بهبود ~ وخامت وخیم بدتر
پایدار ~ بحرانی
پیدا یافت ~ گم ناپدید مفقود
مهار خاموش ~ گسترش شعلهور
گران گرانتر ~ ارزان ارزانتر
جهش ~ ریزش سقوط
تقویت ~ تضعیف
سود مازاد ~ زیان کسری ضرر
رونق رشد ~ رکود
خریداری خرید خریدند ~ فروش فروخت فروختند
استخدام ~ اخراج تعدیل
گشوده باز ~ بسته مسدود پلمب
مجاز آزاد ~ ممنوع قدغن
پیوست عضو پیوستن ~ خارج خروج ترک
توافق ~ اختلاف
قبول ~ رد
شروع آغاز ~ لغو تعویق پایان
برگزار ~ لغو
امضا ~ فسخ پاره
دعوت ~ طرد اخراج
متحد دوست ~ دشمن رقیب
صلحآمیز ~ خشونتآمیز
موفق موفقیت ~ ناکام شکست ناموفق
اکثریت ~ اقلیت
گرم گرما ~ سرد سرما
باران سیل ~ خشکسالی
ساخته احداث ~ تخریب ویران
تاسیس ایجاد ~ منحل انحلال
ملی ~ خصوصی
تحسین ستایش ~ انتقاد محکوم
داوطلبانه اختیاری ~ اجباری
موقت ~ دائم دائمی
جزئی ~ کامل
درست واقعی ~ غلط جعلی نادرست
قانونی ~ غیرقانونی
منتشر افشا ~ پنهان مخفی
عفو ~ اعدام
امن ~ ناامن خطرناک
بیش بیشتر ~ کم کمتر
اول ~ آخر
ورود ~ خروج
مثبت ~ منفی
حداکثر ~ حداقل
تمدید ~ پایان لغو تعلیق
اعلام ~ لغو
ممکن محتمل ~ ناممکن بعید
همه ~ هیچکس
همیشه ~ هرگز
جدید نو ~ قدیمی کهنه
حامی موافق ~ مخالف
تعمیر ~ آسیب تخریب
پذیرش ~ اخراج
پرواز ~ فرود
اعطا ~ سلب
"""

OTHERS = """
conferm* ~ smenti* esclu*
riapertura apertura ripresa ~ chiusura sospensione
potwierdz* ~ zdementowa* zaprzecz*
approva approvano approvato ~ boccia bocciano bocciato respinge
vince vinto ~ perde perso
aumenta ~ diminuisce cala
podpisa* ~ zawetowa* odrzuc*
przyj* ~ odrzuc*
accus* blame* обвин* ~ admit* confess* признал* признает*
opposition* оппозици* опозиці* ~ regierung* government* правительств* уряд*
"""

CONTRARIES = "".join((ENGLISH, RUSSIAN, UKRAINIAN, GERMAN, FRENCH, SPANISH, ARABIC, FARSI, OTHERS))
