import { chromium } from '@playwright/test';
import { readFileSync } from 'node:fs';
const url='http://127.0.0.1:4210'; const cookie=readFileSync('/tmp/searchui-cookie','utf8').trim().split('\n').pop();
const [name,...v]=cookie.split('=');
const only=process.argv[2];
const browser=await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox','--disable-gpu']});
const pages=JSON.parse(process.argv[3]??'{}');
for(const [view,o] of Object.entries({dl:{viewport:{width:1280,height:800},colorScheme:'light'},dd:{viewport:{width:1280,height:800},colorScheme:'dark'},pl:{viewport:{width:390,height:844},colorScheme:'light',hasTouch:true,isMobile:true},pd:{viewport:{width:390,height:844},colorScheme:'dark',hasTouch:true,isMobile:true},nl:{viewport:{width:920,height:700},colorScheme:'light'}})){
 if(only&&only!=='all'&&!only.split(',').includes(view)) continue;
 const ctx=await browser.newContext({...o,reducedMotion:'reduce'}); await ctx.addCookies([{name,value:v.join('='),url}]);
 const page=await ctx.newPage(); page.on('console',m=>['error','warning'].includes(m.type())&&console.log(view,m.text())); page.on('pageerror',e=>console.log(view,'ERR',e.message));
 for(const [n,p] of Object.entries(pages)){ const [path,...acts]=Array.isArray(p)?p:[p]; await page.goto(url+path); await page.waitForLoadState('networkidle'); for(const a of acts) await eval(`(async()=>{${a}})()`); await page.waitForTimeout(300); await page.screenshot({path:`/tmp/shots/${n}-${view}.png`}); }
 await ctx.close();
}
await browser.close();
